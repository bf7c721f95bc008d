package dev.airlock.bench.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import dev.airlock.bench.processes.Launched;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.id.Names;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * From a record on Kafka to the first workflow task of its run (c), and how many runs one server starts a second (t). Nothing
 * works on the runs: both sides end with their first task.
 */
public final class TriggerBench implements Bench {
    private static final String RAW_TOPIC = "bench.requests";
    private static final int ONE_BY_ONE = 100;
    private static final int AT_ONCE = 400;
    private static final int IN_FLIGHT = 32;
    private static final int WARM_UP = 3;
    private static final String PIPELINE = """
            pipeline: bench
            steps:
              - { id: generate, uses: generate, with: { agent: { run: "make" } } }
              - { id: validate, uses: validate, with: { checks: [paths, size, secrets] } }
              - { id: test, uses: sandbox, with: { run: "test" } }
              - { id: review, uses: review, with: { approvals: 1, not: [author], timeout: 1h } }
              - { id: promote, uses: promote }
            """;

    private final List<Samples> ours = new ArrayList<>();
    private final List<Samples> raw = new ArrayList<>();
    private int workspaces;

    @Override
    public Set<String> ids() {
        return Set.of("c", "t");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        StateDirectory state = new StateDirectory(lab.scratch("trigger"));
        try (Launched dev = lab.register(Launched.airlock(lab.home(), state, "dev", "--no-worker", "--no-server"));
                Launched server = lab.register(Launched.airlock(lab.home(), state, "server"));
                TemporalClients temporal = TemporalClients.connect(
                        dev.ready().at("/temporal/target").asText())) {
            lab.say("trigger: " + server.ready().path("pid").asText());
            KafkaClients kafka =
                    new KafkaClients(dev.ready().at("/kafka/bootstrap").asText());
            createRawTopic(kafka);
            Path content = lab.scratch("trigger-content");
            Files.createDirectories(content.resolve(".airlock"));
            Files.writeString(content.resolve(".airlock/pipeline.yaml"), PIPELINE);
            try (Both both = new Both(temporal, kafka, state, content)) {
                return both.rows(lab);
            }
        }
    }

    private static void createRawTopic(KafkaClients kafka) throws Exception {
        try (Admin admin = kafka.admin("bench")) {
            admin.createTopics(List.of(new NewTopic(RAW_TOPIC, 4, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Both sides on one broker and one Temporal server, with one worker that only counts. */
    private final class Both implements AutoCloseable {
        private final TemporalClients temporal;
        private final StateDirectory state;
        private final Path content;
        private final Producer<String, byte[]> producer;
        private final RawTrigger trigger;
        private final WorkerFactory workers;

        Both(TemporalClients temporal, KafkaClients kafka, StateDirectory state, Path content) {
            this.temporal = temporal;
            this.state = state;
            this.content = content;
            this.producer = kafka.producer("airlock-bench");
            this.trigger = RawTrigger.start(temporal.client(), kafka, RAW_TOPIC);
            this.workers = WorkerFactory.newInstance(temporal.client());
            for (String queue : List.of(TaskQueues.MAIN, RawTrigger.QUEUE)) {
                workers.newWorker(queue).registerWorkflowImplementationTypes(FirstTask.class);
            }
            workers.start();
        }

        List<Row> rows(Lab lab) throws Exception {
            List<Row> rows = new ArrayList<>();
            lab.say("c, t: warming up");
            for (int i = 0; i < WARM_UP; i++) {
                oneByOne(workspace(), ONE_BY_ONE / WARM_UP);
                oneByOne(null, ONE_BY_ONE / WARM_UP);
            }
            if (lab.wants("c")) {
                lab.say("c: from a record to a first workflow task");
                String workspace = workspace();
                Alternation.of(
                        lab.blocks(),
                        () -> kept(ours, oneByOne(workspace, ONE_BY_ONE)),
                        () -> kept(raw, oneByOne(null, ONE_BY_ONE)));
                rows.add(latency("p50", 0.5, 1.5));
                rows.add(latency("p99", 0.99, 2));
            }
            if (lab.wants("t")) {
                lab.say("t: a burst of records");
                atOnce();
                rawAtOnce();
                Alternation both = Alternation.of(lab.blocks(), this::atOnce, this::rawAtOnce);
                rows.add(Row.rate(
                        "t",
                        "starts/s",
                        "runs that one server starts for a burst of records",
                        "StartWorkflow alone, " + IN_FLIGHT + " in flight",
                        both,
                        Goal.ratioAtLeast(0.8)));
            }
            return rows;
        }

        private Row latency(String name, double share, double most) {
            return Row.cost(
                    "c",
                    "ms",
                    "record to first workflow task, " + name,
                    "poll and StartWorkflow, " + name,
                    Alternation.measured(at(ours, share), at(raw, share)),
                    Goal.ratioAtMost(most));
        }

        private String workspace() throws IOException {
            String name = "bench-" + workspaces++;
            try (WorkspaceRepository made = new Workspaces(state.workspaces()).create(name, content, "main")) {
                return made.name();
            }
        }

        /** One record after the other; on the raw side without a workspace. */
        private Samples oneByOne(@Nullable String workspace, int count) throws Exception {
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                String workflow = workspace == null ? sendRaw() : send(workspace);
                millis.add((FirstTask.await(workflow) - start) / 1e6);
            }
            return Samples.of(millis);
        }

        private String send(String workspace) throws IOException {
            String id = UUID.randomUUID().toString();
            String event = """
                    {"specversion":"1.0","id":"%s","source":"bench","type":"dev.airlock.change.requested.v1",\
                    "datacontenttype":"application/json","data":{"workspace":"%s","author":"user:ann","task":"make it"}}""".formatted(id, workspace);
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.REQUESTS, id, event.getBytes(UTF_8));
            record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
            Future<RecordMetadata> unused = producer.send(record);
            return Names.run(state.installation(), "bench", id).value();
        }

        private String sendRaw() {
            String id = "raw-" + UUID.randomUUID();
            Future<RecordMetadata> unused =
                    producer.send(new ProducerRecord<>(RAW_TOPIC, id, "make it".getBytes(UTF_8)));
            return id;
        }

        private Samples atOnce() throws Exception {
            String workspace = workspace();
            Stopwatch watch = new Stopwatch();
            List<String> runs = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                runs.add(send(workspace));
            }
            return rate(watch, runs);
        }

        private Samples rawAtOnce() throws Exception {
            Stopwatch watch = new Stopwatch();
            List<String> ids = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT)) {
                for (int i = 0; i < AT_ONCE; i++) {
                    String id = "raw-" + UUID.randomUUID();
                    ids.add(id);
                    threads.execute(() -> RawTrigger.start(temporal.client(), id, "make it".getBytes(UTF_8)));
                }
            }
            return rate(watch, ids);
        }

        private Samples rate(Stopwatch watch, List<String> workflows) throws Exception {
            for (String workflow : workflows) {
                long unused = FirstTask.await(workflow);
            }
            return Samples.of(AT_ONCE * 1000.0 / watch.millis());
        }

        @Override
        public void close() {
            trigger.close();
            producer.close();
            workers.shutdownNow();
            workers.awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static Samples kept(List<Samples> blocks, Samples block) {
        blocks.add(block);
        return block;
    }

    private static List<Samples> at(List<Samples> blocks, double share) {
        return blocks.stream().map(block -> Samples.of(block.quantile(share))).toList();
    }
}
