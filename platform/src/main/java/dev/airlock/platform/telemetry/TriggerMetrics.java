package dev.airlock.platform.telemetry;

import dev.airlock.platform.telemetry.Names.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts requests on their way in. Thread-safe. */
public final class TriggerMetrics {
    private final LongCounter consumed;
    private final LongCounter starts;
    private final LongCounter duplicates;
    private final LongCounter deadLetters;
    private final LongCounter refusals;
    private final DoubleHistogram startDuration;
    private final InstantSource clock;
    private final Map<Partition, Waiting> waiting = new ConcurrentHashMap<>();
    private volatile int paused;

    private record Partition(String topic, int number) {}

    private record Waiting(long records, @Nullable Instant oldest) {}

    TriggerMetrics(Instruments instruments, InstantSource clock) {
        this.clock = clock;
        this.consumed = instruments.counter(Metric.CONSUMED);
        this.starts = instruments.counter(Metric.TRIGGER_STARTS);
        this.duplicates = instruments.counter(Metric.TRIGGER_DUPLICATES);
        this.deadLetters = instruments.counter(Metric.TRIGGER_DEAD_LETTERS);
        this.refusals = instruments.counter(Metric.REFUSALS);
        this.startDuration = instruments.histogram(Metric.TRIGGER_START_DURATION);
        instruments.gauge(
                Metric.TRIGGER_LAG,
                seen -> waiting.forEach(
                        (partition, now) -> seen.record((double) now.records(), of(Metric.TRIGGER_LAG, partition))));
        instruments.gauge(
                Metric.TRIGGER_AGE,
                seen -> waiting.forEach(
                        (partition, now) -> seen.record(age(now.oldest()), of(Metric.TRIGGER_AGE, partition))));
        instruments.gauge(Metric.TRIGGER_PAUSED, seen -> seen.record(paused));
    }

    private static Attributes of(Metric metric, Partition partition) {
        return Instruments.values(metric, partition.topic(), Integer.toString(partition.number()));
    }

    private double age(@Nullable Instant oldest) {
        return oldest == null ? 0 : Math.max(0, seconds(Duration.between(oldest, clock.instant())));
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Records were taken from a topic. */
    public void consumed(String topic, long records) {
        consumed.add(records, Instruments.values(Metric.CONSUMED, "kafka", topic));
    }

    /**
     * A request has started a run.
     *
     * @param arrived when the broker took the request
     */
    public void started(Instant arrived) {
        starts.add(1);
        startDuration.record(age(arrived));
    }

    /** A request was answered by the run that was there. */
    public void duplicate() {
        duplicates.add(1);
    }

    /** @param cause one word of few, such as {@code TOO_OLD} */
    public void deadLetter(String cause) {
        deadLetters.add(1, Instruments.values(Metric.TRIGGER_DEAD_LETTERS, cause));
    }

    /** @param reason one word of few, such as {@code SOURCE} */
    public void refused(String reason) {
        refusals.add(1, Instruments.values(Metric.REFUSALS, reason));
    }

    /**
     * What waits on a partition that this process serves.
     *
     * @param records that are not settled
     * @param oldest when the broker took the first of them; absent when there is none
     */
    public void waiting(String topic, int partition, long records, @Nullable Instant oldest) {
        waiting.put(new Partition(topic, partition), new Waiting(records, oldest));
    }

    /** This process does not serve the partition any more. */
    public void revoked(String topic, int partition) {
        waiting.remove(new Partition(topic, partition));
    }

    /** How many partitions are paused now. */
    public void paused(int partitions) {
        paused = partitions;
    }
}
