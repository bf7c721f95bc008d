package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.dev.kafka.EmbeddedKafka;
import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.workflows.Payloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code setup --topics} on a real broker. */
class TopicsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    @Test
    void makesWhatIsMissingAndChangesNothing() throws Exception {
        StateDirectory state = new StateDirectory(temporary.resolve("state")).create();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(state, new Ports(state));
                Admin admin = new KafkaClients(kafka.bootstrap()).admin("test")) {
            String bootstrap = kafka.bootstrap();
            admin.deleteTopics(Topics.names()).all().get(30, TimeUnit.SECONDS);
            await(admin, 0);

            assertThat(setup(bootstrap, "--replicas", "1").err()).contains("There is no terminal to answer on");
            Shell.Result refused = setup(bootstrap, "--yes");
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("does not make the topics").contains("replication factor");
            assertThat(missing(bootstrap)).hasSize(5);

            Shell.Result made = setup(bootstrap, "--yes", "--replicas", "1", "--partitions", "6", "-o", "json");
            assertThat(made.code()).isZero();
            Golden.check("setup", made.out().replace(bootstrap, "KAFKA"));
            await(admin, 5);
            assertThat(KafkaFacts.read(new KafkaClients(bootstrap), PATIENCE).topics())
                    .allMatch(topic -> topic.partitions() == 6 && !topic.isStampedOtherwise());
            // Nothing is made, so nobody is asked.
            assertThat(setup(bootstrap, "--replicas", "1").out()).contains("present  airlock.audit");

            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.AUDIT),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", "1000000000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            admin.deleteTopics(List.of(Topics.OUTPUT)).all().get(30, TimeUnit.SECONDS);
            await(admin, 4);
            Shell.Result differs = setup(bootstrap, "--yes", "--replicas", "1", "--partitions", "6", "-o", "json");
            assertThat(differs.code()).isEqualTo(1);
            JsonNode told = Payloads.mapper().readTree(differs.out());
            assertThat(told.path("ok").asBoolean()).isFalse();
            assertThat(told.path("topics").findValuesAsText("state"))
                    .containsExactly("present", "present", "present", "differs", "created");
            assertThat(told.path("topics").findValuesAsText("setting")).containsExactly("retention.ms");
            assertThat(setup(bootstrap, "--replicas", "1", "--partitions", "6").out())
                    .contains("retention.ms is 1000000000, not -1")
                    .contains("--alter --topic airlock.audit --add-config retention.ms=-1");
            assertThat(KafkaFacts.read(new KafkaClients(bootstrap), PATIENCE)
                            .topic(Topics.AUDIT)
                            .orElseThrow()
                            .setting("retention.ms"))
                    .isEqualTo("1000000000");
        }
    }

    @Test
    void saysWhatItWasNotTold() {
        Shell shell = new Shell(new FakeClient());
        String state = temporary.toString();
        assertThat(shell.run("setup", "--topics", "--state", state).err()).contains("which Kafka cluster?");
        assertThat(shell.run("setup", "--topics", "--kafka", "k:1", "--replicas", "0")
                        .err())
                .contains("no layout of topics");
        assertThat(shell.run("setup", "--topics", "--docker").err()).contains("stands alone");
        assertThat(shell.run("setup").err()).contains("done by the launcher");
    }

    private static Shell.Result setup(String bootstrap, String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "setup";
        all[1] = "--topics";
        System.arraycopy(words, 0, all, 2, words.length);
        return new Shell(new FakeClient()).with("AIRLOCK_KAFKA", bootstrap).run(all);
    }

    private static List<String> missing(String bootstrap) {
        return KafkaFacts.read(new KafkaClients(bootstrap), PATIENCE).missing();
    }

    private static void await(Admin admin, int topics) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (admin.listTopics().names().get(30, TimeUnit.SECONDS).size() != topics) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
