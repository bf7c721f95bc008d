package dev.airlock.platform.telemetry;

import dev.airlock.platform.telemetry.Names.Metric;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.Duration;
import java.util.Map;

/** Counts runs and steps. Thread-safe. */
public final class RunMetrics {
    private final LongCounter started;
    private final LongCounter ended;
    private final LongCounter attention;
    private final DoubleHistogram duration;
    private final DoubleHistogram stepDuration;
    private volatile Map<String, Long> states = Map.of();

    RunMetrics(Instruments instruments) {
        this.started = instruments.counter(Metric.RUNS_STARTED);
        this.ended = instruments.counter(Metric.RUNS_ENDED);
        this.attention = instruments.counter(Metric.RUNS_ATTENTION);
        this.duration = instruments.histogram(Metric.RUN_DURATION);
        this.stepDuration = instruments.histogram(Metric.STEP_DURATION);
        instruments.gauge(
                Metric.RUNS,
                seen -> states.forEach(
                        (state, count) -> seen.record((double) count, Instruments.values(Metric.RUNS, state))));
    }

    public void started() {
        started.add(1);
    }

    public void ended(String outcome, Duration took) {
        ended.add(1, Instruments.values(Metric.RUNS_ENDED, outcome));
        duration.record(TriggerMetrics.seconds(took), Instruments.values(Metric.RUN_DURATION, outcome));
    }

    /** A run stopped and asks for a person. */
    public void needsAttention() {
        attention.add(1);
    }

    /** @param kind what the step uses */
    public void step(String kind, String verdict, Duration took) {
        stepDuration.record(TriggerMetrics.seconds(took), Instruments.values(Metric.STEP_DURATION, kind, verdict));
    }

    /** Open runs by state, as of now. */
    public void states(Map<String, Long> counted) {
        states = Map.copyOf(counted);
    }
}
