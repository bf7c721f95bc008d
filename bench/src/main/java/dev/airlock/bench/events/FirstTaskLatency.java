package dev.airlock.bench.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.workflows.change.TaskQueues;
import io.temporal.worker.WorkerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** From a record to the first workflow task (c), one record after the other. The workflow does nothing on either side. */
final class FirstTaskLatency implements AutoCloseable {
    private static final String RAW_TOPIC = "bench.requests";
    private static final int RECORDS = 100;

    /** A server runs for weeks: by then its code is compiled, and the store has all its directories. */
    private static final int WARM_UP = 20;

    private final TriggerSite site;
    private final RawTrigger raw;
    private final WorkerFactory workers;

    private FirstTaskLatency(TriggerSite site) {
        this.site = site;
        this.raw = RawTrigger.start(site.temporal(), site.kafka(), RAW_TOPIC);
        this.workers = WorkerFactory.newInstance(site.temporal());
        for (String queue : List.of(TaskQueues.MAIN, RawTrigger.QUEUE)) {
            workers.newWorker(queue).registerWorkflowImplementationTypes(FirstTask.class);
        }
        workers.start();
    }

    static List<Row> measure(Lab lab, TriggerSite site) throws Exception {
        site.admin()
                .createTopics(List.of(new NewTopic(RAW_TOPIC, 4, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        try (FirstTaskLatency latency = new FirstTaskLatency(site)) {
            return latency.rows(lab);
        }
    }

    private List<Row> rows(Lab lab) throws Exception {
        String workspace = site.workspace();
        Supplier<String> ours = () -> site.request(workspace);
        lab.say("c: warming up");
        for (int i = 0; i < WARM_UP; i++) {
            Samples unused = oneByOne(ours);
            unused = oneByOne(this::rawRequest);
        }
        lab.say("c: from a record to a first workflow task");
        Alternation both =
                Alternation.of(lab.blocks(), () -> told(lab, oneByOne(ours)), () -> oneByOne(this::rawRequest));
        return List.of(row(both, "p50", 0.5, 1.5), row(both, "p99", 0.99, 2));
    }

    private static Samples told(Lab lab, Samples block) {
        lab.say("c: %d records, median %.1f ms".formatted(RECORDS, block.median()));
        return block;
    }

    private static Samples oneByOne(Supplier<String> request) throws Unmeasurable, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            long start = System.nanoTime();
            millis.add((FirstTask.await(request.get()) - start) / 1e6);
        }
        return Samples.of(millis);
    }

    private String rawRequest() {
        String id = "raw-" + UUID.randomUUID();
        Future<RecordMetadata> unused =
                site.producer().send(new ProducerRecord<>(RAW_TOPIC, id, "make it".getBytes(UTF_8)));
        return id;
    }

    private static Row row(Alternation both, String name, double share, double most) {
        return Row.cost(
                "c",
                "ms",
                "record to first workflow task, " + name,
                "poll and StartWorkflow, " + name,
                Alternation.measured(at(both.ours(), share), at(both.baseline(), share)),
                Goal.ratioAtMost(most));
    }

    private static List<Samples> at(List<Samples> blocks, double share) {
        return blocks.stream().map(block -> Samples.of(block.quantile(share))).toList();
    }

    @Override
    public void close() {
        raw.close();
        workers.shutdownNow();
        workers.awaitTermination(5, TimeUnit.SECONDS);
    }
}
