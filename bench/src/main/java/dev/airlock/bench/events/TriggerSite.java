package dev.airlock.bench.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.processes.Launched;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.id.Names;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** One broker, one Temporal and one {@code airlock server}, which both sides share, and a producer of requests. */
final class TriggerSite implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final String PIPELINE = """
            pipeline: bench
            steps:
              - { id: generate, uses: generate, with: { agent: { run: "make" } } }
              - { id: validate, uses: validate, with: { checks: [paths, size, secrets] } }
              - { id: test, uses: sandbox, with: { run: "test" } }
              - { id: review, uses: review, with: { approvals: 1, not: [author], timeout: 1h } }
              - { id: promote, uses: promote }
            """;

    private final StateDirectory state;
    private final Launched server;
    private final Path content;
    private final TemporalClients temporal;
    private final KafkaClients kafka;
    private final Producer<String, byte[]> producer;
    private final Admin admin;
    private int workspaces;
    private long sent;

    private TriggerSite(StateDirectory state, Launched dev, Launched server, Path content) {
        this.state = state;
        this.server = server;
        this.content = content;
        this.temporal =
                TemporalClients.connect(dev.ready().at("/temporal/target").asText());
        this.kafka = new KafkaClients(dev.ready().at("/kafka/bootstrap").asText());
        this.producer = kafka.producer("airlock-bench");
        this.admin = kafka.admin("airlock-bench");
    }

    static TriggerSite open(Lab lab, StateDirectory state, Launched dev, Launched server) throws IOException {
        Path content = lab.scratch("trigger-content");
        Files.createDirectories(content.resolve(".airlock"));
        Files.writeString(content.resolve(".airlock/pipeline.yaml"), PIPELINE);
        return new TriggerSite(state, dev, server, content);
    }

    WorkflowClient temporal() {
        return temporal.client();
    }

    KafkaClients kafka() {
        return kafka;
    }

    Admin admin() {
        return admin;
    }

    Producer<String, byte[]> producer() {
        return producer;
    }

    /** A new one, so that no quota is met. */
    String workspace() throws IOException {
        String name = "bench-" + workspaces++;
        try (WorkspaceRepository made = new Workspaces(state.workspaces()).create(name, content, "main")) {
            return made.name();
        }
    }

    /**
     * Asks for a run, with a task of its own, and does not wait.
     *
     * @return the run's id
     */
    String request(String workspace) {
        String id = UUID.randomUUID().toString();
        String event = """
                {"specversion":"1.0","id":"%s","source":"bench","type":"dev.airlock.change.requested.v1",\
                "datacontenttype":"application/json","data":{"workspace":"%s","author":"user:ann","task":"make %s"}}""".formatted(id, workspace, id);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.REQUESTS, id, event.getBytes(UTF_8));
        record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        Future<RecordMetadata> unused = producer.send(record);
        sent++;
        return Names.run(state.installation(), "bench", id).value();
    }

    /** Waits until the server has settled all that was asked for: it commits only what Temporal has accepted. */
    void awaitSettled(Duration patience) throws Unmeasurable, InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long settled = settled(); settled < sent; settled = settled()) {
            if (System.nanoTime() - deadline > 0) {
                throw new Unmeasurable("of " + sent + " requests " + (sent - settled) + " were not taken within "
                        + patience.toSeconds() + " s" + server.lastWords());
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private long settled() throws InterruptedException, ExecutionException {
        return admin
                .listConsumerGroupOffsets("airlock-trigger-" + state.installation())
                .partitionsToOffsetAndMetadata()
                .get()
                .values()
                .stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        producer.close(Duration.ofSeconds(5));
        temporal.close();
    }
}
