package dev.airlock.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.cli.doctor.Check.Status;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.DevOptions;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found on this machine, and on real servers. */
class DoctorIT {
    /** As long as a machine under load needs; a person's doctor takes less. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    private static Found examine(Sources sources, Duration limit, String temporal, String kafka) {
        Setting setting = new Setting(
                Optional.of(temporal).filter(each -> !each.isEmpty()),
                Optional.of(kafka).filter(each -> !each.isEmpty()),
                Optional.empty(),
                Optional.empty());
        return new Found(new Doctor(sources, limit).examine(setting));
    }

    private record Found(List<Check> checks) {
        Check get(String name) {
            return checks.stream()
                    .filter(check -> check.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Sources machine(Path state, @Nullable URI docker) {
        return new MachineSources(new StateDirectory(state), System.getenv("PATH"), docker, "runc");
    }

    @Test
    void knowsRealServersAndWhatIsWrongWithThem() throws Exception {
        Path directory = temporary.resolve("state");
        StateDirectory state = new StateDirectory(directory);
        try (DevEnvironment dev = DevEnvironment.start(DevOptions.of(state, "real", Optional.empty()), notice -> {})) {
            Endpoints endpoints = dev.announce(null);
            Found well = examine(machine(directory, null), PATIENCE, "", "");
            assertThat(well.checks())
                    .filteredOn(check -> check.name().startsWith("temporal")
                            || check.name().startsWith("kafka")
                            || check.name().equals("docker")
                            || check.name().equals("state-directory"))
                    .hasSize(11)
                    .allMatch(check -> check.status() == Status.OK
                            || (check.name().equals("kafka-replication") && check.status() == Status.SKIP));
            assertThat(well.checks()).noneMatch(check -> check.status() == Status.FAIL);
            assertThat(well.get("docker-runc").detail()).containsPattern("[0-9]+\\.[0-9]+");

            harm(endpoints);
            Found harmed = examine(machine(directory, null), PATIENCE, "", "");
            assertThat(harmed.get("kafka-timestamps").status()).isEqualTo(Status.FAIL);
            assertThat(harmed.get("kafka-timestamps").detail())
                    .contains(Topics.REQUESTS + " has")
                    .contains("CreateTime");
            assertThat(harmed.get("temporal-retention").status()).isEqualTo(Status.FAIL);
            assertThat(harmed.get("temporal-retention").detail())
                    .contains("3 days")
                    .contains("7 days");
        }
        assertThat(examine(machine(directory, null), PATIENCE, "", "")
                        .get("kafka")
                        .status())
                .isEqualTo(Status.SKIP);
    }

    private static void harm(Endpoints endpoints) throws Exception {
        try (Admin admin = new KafkaClients(endpoints.kafka().bootstrap()).admin("harm")) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.REQUESTS),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("message.timestamp.type", "CreateTime"),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        try (TemporalClients temporal =
                TemporalClients.connect(endpoints.temporal().target())) {
            temporal.stubs()
                    .blockingStub()
                    .updateNamespace(UpdateNamespaceRequest.newBuilder()
                            .setNamespace(TemporalClients.NAMESPACE)
                            .setConfig(NamespaceConfig.newBuilder()
                                    .setWorkflowExecutionRetentionTtl(com.google.protobuf.Duration.newBuilder()
                                            .setSeconds(Duration.ofDays(3).toSeconds())))
                            .build());
        }
    }

    @Test
    void isNotHeldUpByWhatHangs() throws Exception {
        Path socket = temporary.resolve("docker.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            // The kernel accepts; nobody reads.
            silent.bind(UnixDomainSocketAddress.of(socket));
            String address = "127.0.0.1:" + deaf.getLocalPort();
            long start = System.nanoTime();
            Found checks = examine(
                    machine(temporary.resolve("none"), URI.create("unix://" + socket)),
                    Duration.ofSeconds(3),
                    address,
                    address);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(checks.get("docker").status()).isEqualTo(Status.FAIL);
            assertThat(checks.get("docker").detail()).contains("hangs");
            assertThat(checks.get("temporal").status()).isEqualTo(Status.FAIL);
            assertThat(checks.get("kafka").status()).isEqualTo(Status.FAIL);
            assertThat(checks.get("state-directory").status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void tellsWhatRefusesAndWhatCannotBeRead() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "no directory");
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Found checks = examine(
                machine(file.resolve("state"), URI.create("unix://" + temporary.resolve("nobody.sock"))),
                PATIENCE,
                "127.0.0.1:" + free,
                "127.0.0.1:" + free);
        assertThat(checks.get("temporal").detail()).contains("UNAVAILABLE");
        assertThat(checks.get("kafka").detail()).isEqualTo("nothing listens at 127.0.0.1:" + free);
        assertThat(checks.get("state-directory").status()).isEqualTo(Status.FAIL);
        assertThat(checks.get("state-directory").detail()).contains("is not a directory");
        assertThat(checks.get("docker").status()).isIn(Status.SKIP, Status.FAIL);
        assertThat(checks.get("docker").detail()).doesNotContain("hangs");
        assertThat(Files.readString(file)).isEqualTo("no directory");
    }
}
