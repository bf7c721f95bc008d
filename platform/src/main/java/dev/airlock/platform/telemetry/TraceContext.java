package dev.airlock.platform.telemetry;

import dev.airlock.workflows.id.Traceparent;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/**
 * W3C Trace Context as text. Whoever wrote it can choose a parent and whether the trace is kept, and nothing else: another
 * form counts as absent, and {@code tracestate} and baggage are never read.
 */
final class TraceContext {
    private TraceContext() {}

    /** The parent that the text names; invalid when it names none. Never throws. */
    static SpanContext parse(@Nullable String traceparent) {
        String valid = Traceparent.orNull(traceparent);
        if (valid == null) {
            return SpanContext.getInvalid();
        }
        boolean sampled = (Integer.parseInt(valid.substring(53), 16) & 1) == 1;
        return SpanContext.createFromRemoteParent(
                valid.substring(3, 35),
                valid.substring(36, 52),
                sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    /** As version 00; absent when there is no such context. */
    static @Nullable String format(SpanContext context) {
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()
                : null;
    }
}
