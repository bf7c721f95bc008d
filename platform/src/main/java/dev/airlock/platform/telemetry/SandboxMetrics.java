package dev.airlock.platform.telemetry;

import dev.airlock.platform.telemetry.Names.Metric;
import dev.airlock.workflows.sandbox.EngineIdentity;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the sandboxes of this host. Thread-safe. */
public final class SandboxMetrics {
    private final DoubleHistogram start;
    private final DoubleHistogram lease;
    private final LongCounter orphans;
    private final LongCounter sweepFailures;
    private final Map<EngineIdentity, AtomicLong> held = new ConcurrentHashMap<>();

    SandboxMetrics(Instruments instruments) {
        this.start = instruments.histogram(Metric.SANDBOX_START);
        this.lease = instruments.histogram(Metric.SANDBOX_LEASE);
        this.orphans = instruments.counter(Metric.ORPHANS_REMOVED);
        this.sweepFailures = instruments.counter(Metric.SWEEP_FAILURES);
        instruments.gauge(
                Metric.SANDBOXES,
                seen -> held.forEach(
                        (engine, count) -> seen.record((double) count.get(), of(Metric.SANDBOXES, engine))));
    }

    private static Attributes of(Metric metric, EngineIdentity engine) {
        return Instruments.values(metric, engine.name(), engine.tier());
    }

    /** A sandbox that a worker holds, from when its process 1 answers; closing it ends the lease. */
    public final class Lease implements AutoCloseable {
        private final EngineIdentity engine;
        private final long since = System.nanoTime();

        private Lease(EngineIdentity engine) {
            this.engine = engine;
        }

        @Override
        public void close() {
            lease.record((System.nanoTime() - since) / 1e9, of(Metric.SANDBOX_LEASE, engine));
            AtomicLong count = held.get(engine);
            if (count != null) {
                count.decrementAndGet();
            }
        }
    }

    /**
     * A sandbox answers, and is held from now on.
     *
     * @param took since it was asked for
     */
    public Lease leased(EngineIdentity engine, Duration took) {
        start.record(TriggerMetrics.seconds(took), of(Metric.SANDBOX_START, engine));
        held.computeIfAbsent(engine, unused -> new AtomicLong()).incrementAndGet();
        return new Lease(engine);
    }

    /** A sweep has removed what nobody comes back for. */
    public void orphansRemoved(int count) {
        orphans.add(count);
    }

    /** A sweep could not find out. */
    public void sweepFailed() {
        sweepFailures.add(1);
    }
}
