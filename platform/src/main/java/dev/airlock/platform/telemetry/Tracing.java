package dev.airlock.platform.telemetry;

import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.Names.SpanName;
import dev.airlock.workflows.id.RunId;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** Makes the spans of {@link SpanName}. Every parent is a W3C {@code traceparent}; what is none counts as absent. */
public final class Tracing {
    private static final String KAFKA = "kafka";

    private final Telemetry telemetry;
    private final Pipeline pipeline;
    private final Tracer tracer;

    Tracing(Telemetry telemetry, Pipeline pipeline) {
        this.telemetry = telemetry;
        this.pipeline = pipeline;
        this.tracer = pipeline.tracer();
    }

    /** Whether spans are kept. */
    public boolean isOn() {
        return pipeline.traces();
    }

    /** A record is taken from a topic. What starts a run hands {@link WorkSpan#traceparent()} on with it. */
    public WorkSpan process(String topic, int partition, long offset, @Nullable String traceparent) {
        return begin("process " + topic, SpanKind.CONSUMER, TraceContext.parse(traceparent))
                .set(Attribute.SYSTEM, KAFKA)
                .set(Attribute.OPERATION, "process")
                .set(Attribute.DESTINATION, topic)
                .set(Attribute.PARTITION, Integer.toString(partition))
                .set(Attribute.OFFSET, offset);
    }

    /** A run is handed to Temporal. Without a traceparent it hangs on the work that this thread does. */
    public WorkSpan start(@Nullable String traceparent) {
        SpanContext given = TraceContext.parse(traceparent);
        return begin(SpanName.START.id(), SpanKind.CLIENT, given.isValid() ? given : here());
    }

    /** One try of an activity of this name. */
    public WorkSpan activity(String type, @Nullable String traceparent) {
        return begin(type, SpanKind.INTERNAL, TraceContext.parse(traceparent));
    }

    /** A command in a sandbox, as part of the work that this thread does. */
    public WorkSpan command() {
        return begin(SpanName.COMMAND.id(), SpanKind.INTERNAL, here());
    }

    /** Records on their way to a topic, as part of the work that this thread does. */
    public WorkSpan send(String topic, int records) {
        return begin(SpanName.SEND.id() + " " + topic, SpanKind.PRODUCER, here())
                .set(Attribute.SYSTEM, KAFKA)
                .set(Attribute.OPERATION, "send")
                .set(Attribute.DESTINATION, topic)
                .set(Attribute.EVENTS, records);
    }

    /**
     * The trace of a run, whoever asks: the same arguments give the same ids, so that parts of a run that never meet hang on
     * each other.
     *
     * @param incarnation Temporal's id of the run
     * @param traceparent what the request brought; without it the trace's id follows from the run's
     */
    public RunTrace run(RunId run, String incarnation, @Nullable String traceparent) {
        return new RunTrace(tracer, pipeline, run, incarnation, TraceContext.parse(traceparent));
    }

    private static SpanContext here() {
        return Span.current().getSpanContext();
    }

    @SuppressWarnings("MustBeClosedChecker") // the span closes it
    private WorkSpan begin(String name, SpanKind kind, SpanContext parent) {
        if (telemetry.isOff()) {
            return new WorkSpan(Span.getInvalid(), parent, Scope.noop());
        }
        Context over = telemetry.in(Context.current()).with(Span.wrap(parent));
        if (!pipeline.traces()) {
            return new WorkSpan(Span.getInvalid(), parent, over.makeCurrent());
        }
        Span span = tracer.spanBuilder(name).setSpanKind(kind).setParent(over).startSpan();
        return new WorkSpan(span, span.getSpanContext(), over.with(span).makeCurrent());
    }
}
