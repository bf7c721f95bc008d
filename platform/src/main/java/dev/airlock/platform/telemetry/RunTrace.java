package dev.airlock.platform.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.Names.SpanName;
import dev.airlock.workflows.id.RunId;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one run and its steps. They outlive every process, so their ids are computed, and each is sent once, when what
 * it is about has ended: by whichever worker sees that. Immutable; safe in workflow code, since it decides nothing there.
 */
public final class RunTrace {
    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    private final Tracer tracer;
    private final boolean kept;
    private final RunId run;
    private final String incarnation;
    private final SpanContext parent;
    private final SpanContext self;

    RunTrace(Tracer tracer, Pipeline pipeline, RunId run, String incarnation, SpanContext parent) {
        this.tracer = tracer;
        this.kept = pipeline.traces();
        this.run = run;
        this.incarnation = incarnation;
        this.parent = parent;
        this.self = kept ? context(pipeline) : parent;
    }

    private SpanContext context(Pipeline pipeline) {
        String trace = parent.isValid() ? parent.getTraceId() : id(TRACE_BYTES, "trace", run.value());
        TraceFlags flags = parent.isValid() ? parent.getTraceFlags() : chosen(pipeline, trace);
        return SpanContext.create(
                trace, id(SPAN_BYTES, "run", run.value(), incarnation), flags, TraceState.getDefault());
    }

    private static TraceFlags chosen(Pipeline pipeline, String trace) {
        SamplingDecision decision = pipeline.sampler()
                .shouldSample(
                        Context.root(), trace, SpanName.RUN.id(), SpanKind.INTERNAL, Attributes.empty(), List.of())
                .getDecision();
        return decision == SamplingDecision.RECORD_AND_SAMPLE ? TraceFlags.getSampled() : TraceFlags.getDefault();
    }

    /** Names the run as a parent; where spans are not kept, whoever asked for the run; absent without a trace. */
    public @Nullable String traceparent() {
        return TraceContext.format(self);
    }

    /** Names an attempt of a step as a parent; where spans are not kept, whoever asked for the run. */
    public @Nullable String traceparent(String step, int attempt) {
        return kept ? TraceContext.format(context(step, attempt)) : traceparent();
    }

    /** The trace's id; empty when there is none. */
    public String traceId() {
        return self.isValid() ? self.getTraceId() : "";
    }

    private SpanContext context(String step, int attempt) {
        String id = id(SPAN_BYTES, "step", run.value(), incarnation, step, Integer.toString(attempt));
        return SpanContext.create(self.getTraceId(), id, self.getTraceFlags(), TraceState.getDefault());
    }

    /** A step attempt is over. */
    public void step(String step, int attempt, String kind, @Nullable String verdict, Instant began, Instant ended) {
        if (!kept) {
            return;
        }
        Span span = begin(SpanName.STEP.id(), context(step, attempt), self, began)
                .setAttribute(Attribute.STEP.text(), step)
                .setAttribute(Attribute.ATTEMPT.number(), (long) attempt)
                .setAttribute(Attribute.STEP_KIND.text(), kind);
        if (verdict != null) {
            span.setAttribute(Attribute.VERDICT.text(), verdict);
        }
        span.end(ended);
    }

    /**
     * Somebody has changed the run's course.
     *
     * @param id the same id is the same change, also after it was answered
     * @param action what was asked of the run, one of few words
     * @param caller the trace in which it was asked, absent when it belongs to none
     */
    public void change(String id, String action, @Nullable String caller, Instant began, Instant ended) {
        if (!kept) {
            return;
        }
        SpanContext ids = SpanContext.create(
                self.getTraceId(),
                id(SPAN_BYTES, "change", run.value(), incarnation, id),
                self.getTraceFlags(),
                TraceState.getDefault());
        Span span = begin(SpanName.CHANGE.id(), ids, self, began).setAttribute(Attribute.ACTION.text(), action);
        SpanContext asked = TraceContext.parse(caller);
        if (asked.isValid()) {
            span.addLink(asked);
        }
        span.end(ended);
    }

    /** The run is over. */
    public void end(String workspace, String outcome, Instant began, Instant ended) {
        if (!kept) {
            return;
        }
        begin(SpanName.RUN.id(), self, parent, began)
                .setAttribute(Attribute.WORKSPACE.text(), workspace)
                .setAttribute(Attribute.OUTCOME.text(), outcome)
                .setStatus(outcome.equals("FAILED") ? StatusCode.ERROR : StatusCode.UNSET)
                .end(ended);
    }

    private Span begin(String name, SpanContext ids, SpanContext above, Instant began) {
        return GivenIds.with(
                        new GivenIds.Ids(ids.getTraceId(), ids.getSpanId()),
                        () -> tracer.spanBuilder(name)
                                .setParent(Context.root().with(Span.wrap(above)))
                                .setStartTimestamp(began)
                                .startSpan())
                .setAttribute(Attribute.RUN.text(), run.value());
    }

    /** Each part ends with a zero byte, which no part holds. */
    private static String id(int bytes, String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
