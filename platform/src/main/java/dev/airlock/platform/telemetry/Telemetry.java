package dev.airlock.platform.telemetry;

import com.uber.m3.tally.Scope;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What one process tells of itself: spans by {@link #tracing()}, numbers by the groups of metrics.
 *
 * <p>Off, every call is a few field reads and keeps nothing. Thread-safe; a call never waits for a receiver and never throws
 * because of one: what cannot be sent in time is dropped and the process's log says so. One for each process, closed last,
 * so that what the others do while they close is still told.
 */
public final class Telemetry implements AutoCloseable {
    private static final ContextKey<Telemetry> KEY = ContextKey.named("airlock-telemetry");
    private static final Telemetry OFF = new Telemetry(Pipeline.off(), InstantSource.system());

    private final Pipeline pipeline;
    private final Tracing tracing;
    private final TriggerMetrics trigger;
    private final AuditMetrics audit;
    private final RunMetrics runs;
    private final SandboxMetrics sandboxes;

    /**
     * The process that tells.
     *
     * @param process {@code worker}, {@code server} or {@code dev}
     * @param version of Airlock
     * @param installation its id
     * @param host this machine's name
     */
    public record Identity(String process, String version, String installation, String host) {}

    private Telemetry(Pipeline pipeline, InstantSource clock) {
        this.pipeline = pipeline;
        this.tracing = new Tracing(this, pipeline);
        Instruments instruments = new Instruments(pipeline.meter());
        this.trigger = new TriggerMetrics(instruments, clock);
        this.audit = new AuditMetrics(instruments, clock);
        this.runs = new RunMetrics(instruments);
        this.sandboxes = new SandboxMetrics(instruments);
    }

    /** Keeps nothing. */
    public static Telemetry off() {
        return OFF;
    }

    /**
     * Begins to send and to serve what the config asks for; {@link #off()} when it asks for nothing.
     *
     * @throws dev.airlock.platform.failure.PlatformException with code USAGE when metrics cannot be served there
     */
    public static Telemetry start(TelemetryConfig config, Identity identity) {
        return start(config, identity, InstantSource.system());
    }

    /** For who embeds a part of Airlock, and has receivers of his own. */
    public static Telemetry into(SpanProcessor spans, MetricReader metrics, Identity identity) {
        return new Telemetry(Pipeline.into(spans, metrics, identity), InstantSource.system());
    }

    static Telemetry start(TelemetryConfig config, Identity identity, InstantSource clock) {
        return config.isOff() ? OFF : new Telemetry(Pipeline.open(config, identity), clock);
    }

    /** That of the work which this thread does now, as a span of {@link #tracing()} has set it; else {@link #off()}. */
    public static Telemetry current() {
        Telemetry current = Context.current().get(KEY);
        return current == null ? OFF : current;
    }

    /** The work, to be done on another thread as a part of what this thread does. */
    public static <T> Callable<T> carried(Callable<T> work) {
        return Context.current().wrap(work);
    }

    /** Some work of a thread. */
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T perform() throws X;
    }

    /** Does the work on this thread, so that {@link #current()} is this. */
    public <T, X extends Exception> T during(Work<T, X> work) throws X {
        if (isOff()) {
            return work.perform();
        }
        try (io.opentelemetry.context.Scope scope = in(Context.current()).makeCurrent()) {
            Objects.requireNonNull(scope);
            return work.perform();
        }
    }

    Context in(Context context) {
        return context.with(KEY, this);
    }

    /** Whether nothing is kept. */
    public boolean isOff() {
        return pipeline.isOff();
    }

    /** Spans. */
    public Tracing tracing() {
        return tracing;
    }

    /** Requests on their way in. */
    public TriggerMetrics trigger() {
        return trigger;
    }

    /** Audit events and verdicts on their way out. */
    public AuditMetrics audit() {
        return audit;
    }

    /** Runs and steps. */
    public RunMetrics runs() {
        return runs;
    }

    /** Sandboxes of this host. */
    public SandboxMetrics sandboxes() {
        return sandboxes;
    }

    /** Takes what Temporal's client and workers count, under the names that Temporal documents. */
    public Scope temporal() {
        return pipeline.temporal();
    }

    /** Where the metrics can be asked for, if anywhere. */
    public Optional<URI> address() {
        return pipeline.address();
    }

    /** Sends what is left, for three seconds at most. */
    @Override
    public void close() {
        pipeline.close();
    }
}
