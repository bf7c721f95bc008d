package dev.airlock.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.dev.ports.Ports;
import dev.airlock.dev.temporal.EmbeddedTemporal;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevEnvironmentIT {
    @TempDir
    Path temporary;

    private StateDirectory state = new StateDirectory(Path.of("unset"));
    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void name() {
        state = new StateDirectory(temporary.resolve("a state"));
    }

    @AfterEach
    void nothingIsLeft() {
        ProcessRecord.read(state, EmbeddedTemporal.NAME).ifPresent(left -> {
            boolean alive = left.isAlive();
            left.end(Duration.ofSeconds(5));
            assertThat(alive).as("Temporal left running").isFalse();
        });
        try (Stream<Thread> threads = Thread.getAllStackTraces().keySet().stream()) {
            assertThat(threads.filter(thread -> !thread.isDaemon())
                            .map(Thread::getName)
                            .filter(name -> name.contains("kafka") || name.contains("temporal")))
                    .isEmpty();
        }
    }

    @Test
    void servesAndLeavesNothing() throws Exception {
        Endpoints endpoints;
        try (DevEnvironment environment = start()) {
            assertThatThrownBy(() -> Endpoints.read(state)).hasMessageContaining("no dev is running");
            endpoints = environment.announce(null);

            assertThat(Endpoints.read(state)).isEqualTo(endpoints);
            everyTopicIsThere(endpoints);
            send(endpoints, "one");
            assertThat(audit(endpoints)).containsExactly("one");
            try (TemporalClients clients =
                    TemporalClients.connect(endpoints.temporal().target())) {
                clients.registerSearchAttributes(Duration.ofMillis(1));
                assertThat(retentionDays(clients)).isEqualTo(30);
            }
        }
        assertThat(state.endpoints()).doesNotExist();
        assertThat(isFree(endpoints.temporal().target())).isTrue();
        assertThat(isFree(endpoints.kafka().bootstrap())).isTrue();
        assertThat(notices).isEmpty();
    }

    @Test
    void refusesASecondDevAndLeavesTheFirstAlone() throws Exception {
        try (DevProcess first = DevProcess.start(made())) {
            assertThatThrownBy(this::start)
                    .isInstanceOfSatisfying(
                            PlatformException.class,
                            e -> assertThat(e.code()).isEqualTo(PlatformException.Code.UNAVAILABLE))
                    .hasMessage("another dev (pid " + first.pid() + ") runs on " + state);

            assertThat(Endpoints.read(state)).isEqualTo(first.endpoints());
            send(first.endpoints(), "still there");
            assertThat(first.end()).isZero();
        }
        assertThat(Files.readString(made().resolve("stderr"))).isEmpty();
        assertThat(state.logs().resolve("dev.log")).isRegularFile();
    }

    @Test
    void refusesASecondDevInTheSameProcess() throws Exception {
        try (DevEnvironment first = start()) {
            assertThatThrownBy(this::start).hasMessageContaining("another dev");
            send(first.endpoints(), "still there");
        }
    }

    @Test
    void goesOnAfterAKillWithEverythingThatWasThere() throws Exception {
        Endpoints before;
        try (DevProcess first = DevProcess.start(made())) {
            before = first.endpoints();
            send(before, "before");
            startWorkflow(before);
            first.kill();
        }
        assertThatThrownBy(() -> Endpoints.read(state)).hasMessageContaining("has gone");
        ProcessRecord leftover =
                ProcessRecord.read(state, EmbeddedTemporal.NAME).orElseThrow();
        assertThat(leftover.isAlive()).isTrue();

        long start = System.nanoTime();
        try (DevEnvironment second = start()) {
            Endpoints after = second.announce(null);
            send(after, "after");
            System.out.printf("after a kill: first record acknowledged %d ms after the start%n", sinceMillis(start));

            assertThat(leftover.isAlive()).isFalse();
            assertThat(after.temporal()).isEqualTo(before.temporal());
            assertThat(after.kafka()).isEqualTo(before.kafka());
            assertThat(after.installation()).isEqualTo(before.installation());
            assertThat(audit(after)).containsExactly("before", "after");
            assertThat(workflowRuns(after)).isTrue();
        }
    }

    @Test
    void startsTemporalAgainWhenItDies() throws Exception {
        try (DevEnvironment environment = start()) {
            Endpoints endpoints = environment.endpoints();
            startWorkflow(endpoints);
            ProcessRecord killed =
                    ProcessRecord.read(state, EmbeddedTemporal.NAME).orElseThrow();
            long start = System.nanoTime();
            ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
            assertThat(killed.awaitGone(Duration.ofSeconds(10))).isTrue();

            awaitTemporal(endpoints);
            System.out.printf("after a kill of Temporal: it answered %d ms later%n", sinceMillis(start));
            assertThat(workflowRuns(endpoints)).isTrue();
            assertThat(ProcessRecord.read(state, EmbeddedTemporal.NAME))
                    .isPresent()
                    .isNotEqualTo(Optional.of(killed));
        }
        assertThat(notices).first().asString().contains("starting it again");
    }

    @Test
    void undoesAHalfFailedStart() throws Exception {
        String nobody = "127.0.0.1:" + new Ports(state.create()).fresh("nobody");

        assertThatThrownBy(() -> DevEnvironment.start(
                        new DevOptions(state, new TemporalChoice.Real(), Optional.of(nobody)), notices::add))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("Kafka at " + nobody);
        assertThat(ProcessRecord.read(state, EmbeddedTemporal.NAME)).isEmpty();
        try (DevEnvironment again = start()) {
            send(again.endpoints(), "one");
        }
    }

    @Test
    void usesServersThatRunElsewhere() throws Exception {
        StateDirectory other = new StateDirectory(temporary.resolve("other"));
        try (DevEnvironment first = start();
                DevEnvironment second = DevEnvironment.start(
                        new DevOptions(
                                other,
                                new TemporalChoice.External(
                                        first.endpoints().temporal().target()),
                                Optional.of(first.endpoints().kafka().bootstrap())),
                        notices::add)) {
            Endpoints endpoints = second.announce(null);

            assertThat(endpoints.temporal().kind()).isEqualTo("external");
            assertThat(endpoints.kafka().kind()).isEqualTo("external");
            assertThat(ProcessRecord.read(other, EmbeddedTemporal.NAME)).isEmpty();
            send(endpoints, "one");
        }
    }

    @Test
    void closesTenantsBeforeServers() throws Exception {
        List<String> seen = new ArrayList<>();
        DevEnvironment environment = start();
        environment.attach(endpoints -> () -> {
            try (TemporalClients clients =
                    TemporalClients.connect(endpoints.temporal().target())) {
                seen.add(clients.target());
            }
        });
        environment.close();

        assertThat(seen).hasSize(1);
    }

    private DevEnvironment start() {
        return DevEnvironment.start(new DevOptions(state, new TemporalChoice.Real(), Optional.empty()), notices::add);
    }

    private Path made() {
        return state.create().root();
    }

    private static long sinceMillis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static void everyTopicIsThere(Endpoints endpoints) throws Exception {
        List<String> names =
                List.of(Topics.REQUESTS, Topics.DEAD_LETTERS, Topics.VERDICTS, Topics.AUDIT, Topics.OUTPUT);
        try (Admin admin = new KafkaClients(endpoints.kafka().bootstrap()).admin("test")) {
            assertThat(admin.describeTopics(names).allTopicNames().get().values())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(4));
            assertThat(setting(admin, Topics.AUDIT, "retention.ms")).isEqualTo("-1");
            assertThat(setting(admin, Topics.REQUESTS, "message.timestamp.type"))
                    .isEqualTo("LogAppendTime");
        }
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Collection<Config> configs =
                admin.describeConfigs(List.of(resource)).all().get().values();
        return configs.iterator().next().get(name).value();
    }

    private static void send(Endpoints endpoints, String value) throws Exception {
        try (Producer<String, byte[]> producer =
                new KafkaClients(endpoints.kafka().bootstrap()).producer("test")) {
            producer.send(new ProducerRecord<>(Topics.AUDIT, 0, "key", value.getBytes(StandardCharsets.UTF_8)))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> audit(Endpoints endpoints) {
        TopicPartition partition = new TopicPartition(Topics.AUDIT, 0);
        List<String> values = new ArrayList<>();
        try (Consumer<String, byte[]> reader =
                new KafkaClients(endpoints.kafka().bootstrap()).reader("test")) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).values().iterator().next();
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofSeconds(1))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }

    private static void startWorkflow(Endpoints endpoints) {
        try (TemporalClients clients =
                TemporalClients.connect(endpoints.temporal().target())) {
            clients.client()
                    .newUntypedWorkflowStub(
                            "Waits",
                            WorkflowOptions.newBuilder()
                                    .setWorkflowId("kept")
                                    .setTaskQueue("nobody")
                                    .build())
                    .start();
        }
    }

    private static boolean workflowRuns(Endpoints endpoints) {
        try (TemporalClients clients =
                TemporalClients.connect(endpoints.temporal().target())) {
            return clients.client()
                    .newUntypedWorkflowStub("kept")
                    .describe()
                    .getStatus()
                    .name()
                    .endsWith("RUNNING");
        }
    }

    private static void awaitTemporal(Endpoints endpoints) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                TemporalClients.connect(endpoints.temporal().target(), Duration.ofSeconds(1))
                        .close();
                return;
            } catch (PlatformException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    private static long retentionDays(TemporalClients clients) {
        return Duration.ofSeconds(clients.stubs()
                        .blockingStub()
                        .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                .setNamespace(TemporalClients.NAMESPACE)
                                .build())
                        .getConfig()
                        .getWorkflowExecutionRetentionTtl()
                        .getSeconds())
                .toDays();
    }

    private static boolean isFree(String address) throws Exception {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        }
    }
}
