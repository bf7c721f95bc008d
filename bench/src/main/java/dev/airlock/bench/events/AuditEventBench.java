package dev.airlock.bench.events;

import dev.airlock.activities.audit.KafkaAuditLog;
import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.processes.Launched;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Processor time of the process that writes audit events (d2), of runs that stay with it: numbered, chained, and each emission
 * acknowledged, against records as large, handed to a producer and not waited for. The broker is another process.
 */
public final class AuditEventBench implements Bench {
    private static final int LANES = 20;
    private static final int RUNS_OF_A_LANE = 10;
    private static final int WARM_UP = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How many events each emission of a plain run has. */
    private static final List<Integer> EMISSIONS = List.of(2, 4, 3, 4, 3);

    @Override
    public Set<String> ids() {
        return Set.of("d2");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        lab.say("d2: processor time of an audit event");
        StateDirectory state = new StateDirectory(lab.scratch("events"));
        try (Launched dev = lab.register(Launched.airlock(lab.home(), state, "dev", "--no-worker"))) {
            KafkaClients kafka =
                    new KafkaClients(dev.ready().at("/kafka/bootstrap").asText());
            try (KafkaAuditLog log = new KafkaAuditLog(kafka, Topics.AUDIT);
                    Producer<String, byte[]> raw = kafka.producer("airlock-bench")) {
                for (int i = 0; i < WARM_UP; i++) {
                    audited(log);
                    sent(raw);
                }
                Alternation both = Alternation.of(lab.blocks(), () -> audited(log), () -> sent(raw));
                return List.of(Row.cost(
                        "d2",
                        "µs",
                        "processor time of an audit event",
                        "of a record sent and not waited for",
                        both,
                        Goal.ratioAtMost(2)));
            }
        }
    }

    private static Samples audited(KafkaAuditLog log) throws Exception {
        return perEvent(() -> {
            try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
                List<Future<?>> all = new ArrayList<>();
                for (int lane = 0; lane < LANES; lane++) {
                    all.add(lanes.submit(() -> {
                        for (int run = 0; run < RUNS_OF_A_LANE; run++) {
                            tell(log);
                        }
                    }));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            }
        });
    }

    private static void tell(KafkaAuditLog log) {
        RunId run = Names.run("bench", "airlock:bench", UUID.randomUUID().toString());
        String incarnation = UUID.randomUUID().toString();
        Origin origin = new Origin(incarnation, Instant.now());
        AuditHead head = null;
        for (int events : EMISSIONS) {
            List<AuditEntry> entries = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                entries.add(entry());
            }
            EmitRequest request = new EmitRequest("bench", run, head, entries, origin, null, false);
            head = log.append(request, incarnation, PATIENCE, () -> {});
        }
    }

    private static AuditEntry entry() {
        return new AuditEntry(
                "step.completed",
                Instant.now(),
                Map.of("attempt", 1, "note", "passed", "step", "test", "tree", "0".repeat(40), "verdict", "PASSED"));
    }

    private static Samples sent(Producer<String, byte[]> raw) throws Exception {
        byte[] record = new byte[600];
        return perEvent(() -> {
            for (int i = 0; i < events(); i++) {
                Future<RecordMetadata> unused = raw.send(
                        new ProducerRecord<>(Topics.OUTPUT, UUID.randomUUID().toString(), record));
            }
            raw.flush();
        });
    }

    private static int events() {
        int ofARun = EMISSIONS.stream().mapToInt(Integer::intValue).sum();
        return ofARun * RUNS_OF_A_LANE * LANES;
    }

    /** Work that tells as many events. */
    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private static Samples perEvent(Work work) throws Exception {
        long before = processorNanos();
        work.run();
        return Samples.of((processorNanos() - before) / 1000.0 / events());
    }

    private static long processorNanos() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return Objects.requireNonNull(system, "this machine does not tell").getProcessCpuTime();
    }
}
