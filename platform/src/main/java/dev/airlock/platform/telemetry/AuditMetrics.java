package dev.airlock.platform.telemetry;

import dev.airlock.platform.telemetry.Names.Metric;
import dev.airlock.workflows.id.RunId;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts audit events and verdicts on their way out. Thread-safe. */
public final class AuditMetrics {
    /** A failed emission is tried again within ten seconds; what nobody tried for so long, another worker has taken. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    private static final int MOST_RUNS = 10_000;

    private final LongCounter events;
    private final LongCounter failures;
    private final LongCounter sent;
    private final LongCounter verdicts;
    private final DoubleHistogram latency;
    private final InstantSource clock;
    private final Map<RunId, Pending> pending = new ConcurrentHashMap<>();

    private record Pending(int events, Instant oldest, Instant tried) {}

    AuditMetrics(Instruments instruments, InstantSource clock) {
        this.clock = clock;
        this.events = instruments.counter(Metric.AUDIT_EVENTS);
        this.failures = instruments.counter(Metric.AUDIT_FAILURES);
        this.sent = instruments.counter(Metric.SENT);
        this.verdicts = instruments.counter(Metric.VERDICTS);
        this.latency = instruments.histogram(Metric.AUDIT_LATENCY);
        instruments.gauge(Metric.AUDIT_BACKLOG, seen -> seen.record((double) backlog()));
        instruments.gauge(Metric.AUDIT_BACKLOG_AGE, seen -> seen.record(backlogAge()));
    }

    /** Somebody tries to write these events of a run; one try at a time for each run. */
    public void tried(RunId run, Collection<Instant> times) {
        Instant now = clock.instant();
        Instant oldest = times.stream().min(Instant::compareTo).orElse(now);
        if (pending.size() < MOST_RUNS || pending.containsKey(run)) {
            pending.put(run, new Pending(times.size(), oldest, now));
        }
    }

    /** Kafka has acknowledged them. */
    public void acknowledged(RunId run, Collection<Instant> times) {
        pending.remove(run);
        Instant now = clock.instant();
        events.add(times.size());
        times.forEach(time -> latency.record(Math.max(0, TriggerMetrics.seconds(Duration.between(time, now)))));
    }

    /** They are tried again; until then they stay in the backlog. */
    public void failed(String cause) {
        failures.add(1, Instruments.values(Metric.AUDIT_FAILURES, cause));
    }

    /** Kafka has acknowledged records of any kind. */
    public void sent(String topic, long records) {
        sent.add(records, Instruments.values(Metric.SENT, "kafka", topic, ""));
    }

    /** Kafka has not. */
    public void notSent(String topic, long records, String cause) {
        sent.add(records, Instruments.values(Metric.SENT, "kafka", topic, cause));
    }

    /** @param type such as {@code dev.airlock.run.ended.v1} */
    public void verdict(String type) {
        verdicts.add(1, Instruments.values(Metric.VERDICTS, type));
    }

    private long backlog() {
        forget();
        return pending.values().stream().mapToLong(Pending::events).sum();
    }

    private double backlogAge() {
        forget();
        Instant now = clock.instant();
        return pending.values().stream()
                .mapToDouble(wait -> TriggerMetrics.seconds(Duration.between(wait.oldest(), now)))
                .max()
                .orElse(0);
    }

    private void forget() {
        Instant before = clock.instant().minus(FORGOTTEN);
        pending.values().removeIf(wait -> wait.tried().isBefore(before));
    }
}
