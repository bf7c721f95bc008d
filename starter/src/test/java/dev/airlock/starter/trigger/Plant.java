package dev.airlock.starter.trigger;

import dev.airlock.dev.kafka.EmbeddedKafka;
import dev.airlock.dev.ports.Ports;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.deadletter.DeadLetterBox;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** A broker, a Temporal and a workspace, without a worker: runs begin and stay. Servers come and go. */
final class Plant implements AutoCloseable {
    static final String WORKSPACE = "orders";
    static final String SOURCE = "https://billing.example/";
    static final String TYPE = "dev.airlock.change.requested.v1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String PIPELINE = """
            pipeline: orders
            workspace: orders
            steps:
              - id: generate
                uses: generate
                with: { agent: { run: "true" } }
              - id: review
                uses: review
                needs: [generate]
                with: { approvals: 1, timeout: 2d }
            """;

    final StateDirectory state;
    final KafkaClients kafka;
    final Workspaces workspaces;
    final DirectoryArtifactStore artifacts;
    private final Lifecycle lifecycle = new Lifecycle();
    private EmbeddedKafka broker;
    private final TemporalClients temporal;
    private final Producer<byte[], byte[]> producer;

    Plant(TemporalClients temporal, Path root) throws Exception {
        this.temporal = temporal;
        this.state = StateDirectory.apart(root.resolve("state")).create();
        this.broker = EmbeddedKafka.start(state, new Ports(state));
        lifecycle.register(() -> broker.close());
        this.kafka = new KafkaClients(broker.bootstrap());
        this.artifacts = new DirectoryArtifactStore(state.artifacts());
        this.workspaces = new Workspaces(state.workspaces());
        workspace(root, WORKSPACE, PIPELINE);
        this.producer = kafka.forwarder("test");
        lifecycle.register(producer);
    }

    void workspace(Path root, String name, String pipeline) throws IOException {
        Path from = Files.createDirectories(root.resolve("from-" + name));
        Files.createDirectories(from.resolve(".airlock"));
        Files.writeString(from.resolve(".airlock/pipeline.yaml"), pipeline);
        Files.writeString(from.resolve("file.txt"), "one\n");
        workspaces.create(name, from, "main").close();
    }

    /** Kafka goes away, with everything that it has. */
    void stopKafka() {
        broker.close();
    }

    /** And comes back where it was. */
    void startKafka() throws IOException {
        broker = EmbeddedKafka.start(state, new Ports(state));
    }

    AirlockServer server() {
        return server(Map.of());
    }

    /** To be closed, like any server; at the latest this closes it. */
    AirlockServer server(Map<String, String> settings) {
        return server(temporal.target(), settings);
    }

    AirlockServer server(String temporalTarget, Map<String, String> settings) {
        Endpoints endpoints = Endpoints.ready(
                state,
                new Endpoints.Temporal(temporalTarget, "external", null),
                new Endpoints.Kafka(kafka.bootstrap(), "embedded"),
                null);
        return lifecycle.register(AirlockServer.start(
                new ServerConfig(state, endpoints, Settings.load(state.settings(), Map.of(), settings))));
    }

    /** A request for a task, as a plain producer would write it. */
    static String request(String id, String data) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"" + SOURCE + "\",\"type\":\"" + TYPE
                + "\",\"data\":" + data + "}";
    }

    static String task(String id) {
        return request(
                id, "{\"workspace\":\"orders\",\"author\":\"service:billing\",\"task\":\"do what is to be done\"}");
    }

    void send(@Nullable String key, @Nullable String value) {
        send(key, value == null ? null : value.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    void send(@Nullable String key, byte @Nullable [] value, Map<String, byte[]> headers) {
        try {
            sending(key, value, headers).get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** At once, each with a key of its own. */
    void sendAll(int count, IntFunction<byte[]> value) {
        sendAll(count, i -> "key " + i, value);
    }

    void sendAll(int count, IntFunction<String> key, IntFunction<byte[]> value) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(sending(key.apply(i), value.apply(i), Map.of()));
        }
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private Future<RecordMetadata> sending(@Nullable String key, byte @Nullable [] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.REQUESTS, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
        headers.forEach(record.headers()::add);
        return producer.send(record);
    }

    RunId run(String id) {
        return Names.run(state.installation(), SOURCE, id);
    }

    boolean started(String id) {
        return runs().find(run(id)).isPresent();
    }

    TemporalRuns runs() {
        return new TemporalRuns(temporal.client());
    }

    List<DeadLetterBox.Entry> letters() {
        try (DeadLetterBox box = box()) {
            return box.list();
        }
    }

    DeadLetterBox box() {
        return new DeadLetterBox(kafka, artifacts, state.installation());
    }

    /** Records of the topic that no server has settled. */
    long lag() {
        try (Admin admin = kafka.admin("test")) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            "airlock-trigger-" + state.installation())
                    .partitionsToOffsetAndMetadata()
                    .get();
            long lag = 0;
            for (int partition = 0; partition < 4; partition++) {
                TopicPartition place = new TopicPartition(Topics.REQUESTS, partition);
                long end = admin.listOffsets(Map.of(place, org.apache.kafka.clients.admin.OffsetSpec.latest()))
                        .partitionResult(place)
                        .get()
                        .offset();
                OffsetAndMetadata offset = committed.get(place);
                lag += end - (offset == null ? 0 : offset.offset());
            }
            return lag;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Members of the servers' group that take requests. */
    int serversWithPartitions() {
        try (Peers peers = new Peers(kafka, "airlock-trigger-" + state.installation())) {
            return peers.getAsInt();
        }
    }

    void awaitLag(long wanted) {
        await(() -> lag() == wanted, () -> "the lag stays at " + lag());
    }

    static void await(BooleanSupplier condition, java.util.function.Supplier<String> otherwise) {
        await(PATIENCE, condition, otherwise);
    }

    static void await(Duration patience, BooleanSupplier condition, java.util.function.Supplier<String> otherwise) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(otherwise.get());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** By default a broker takes records of up to 1 MB. */
    void takesLargeRecords() throws Exception {
        set("max.message.bytes", "4194304");
    }

    /** Sends a record of that age; the topic then believes producers, which only a test may want. */
    void sendOld(String value, Instant appended) throws Exception {
        set("message.timestamp.type", "CreateTime");
        try {
            producer.send(new ProducerRecord<>(
                            Topics.REQUESTS, 0, appended.toEpochMilli(), null, value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        } finally {
            set("message.timestamp.type", "LogAppendTime");
        }
    }

    /** Puts a record on the audit topic, as a run's beginning would. */
    void audit(RunId run) throws Exception {
        producer.send(new ProducerRecord<>(
                        Topics.AUDIT, run.value().getBytes(StandardCharsets.UTF_8), new byte[] {'{', '}'}))
                .get();
    }

    private void set(String key, String value) throws Exception {
        try (Admin admin = kafka.admin("test")) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.REQUESTS),
                            List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
