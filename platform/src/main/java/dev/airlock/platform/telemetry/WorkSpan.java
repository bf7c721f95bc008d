package dev.airlock.platform.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Work that this thread does now, as a span; {@link #close()} ends it. Spans begun meanwhile on this thread hang on it. Belongs
 * to one thread; does nothing when spans are not kept, except that it hands the caller's trace on.
 */
public final class WorkSpan implements AutoCloseable {
    private final Span span;
    private final SpanContext context;
    private final Scope scope;

    WorkSpan(Span span, SpanContext context, Scope scope) {
        this.span = span;
        this.context = context;
        this.scope = scope;
    }

    /** Names this work as a parent (W3C); where spans are not kept, the caller's; absent when there is no trace at all. */
    public @Nullable String traceparent() {
        return TraceContext.format(context);
    }

    /** The trace's id; empty when there is none. */
    public String traceId() {
        return context.isValid() ? context.getTraceId() : "";
    }

    /** Tells something of the work; longer texts than 256 characters are cut. */
    public WorkSpan set(Names.Attribute attribute, String value) {
        span.setAttribute(attribute.text(), value);
        return this;
    }

    /** Tells a number of the work. */
    public WorkSpan set(Names.Attribute attribute, long value) {
        span.setAttribute(attribute.number(), value);
        return this;
    }

    /**
     * The work did not succeed.
     *
     * @param cause a failure code, or another word of few: never a message, which may hold content
     */
    public WorkSpan failed(String cause) {
        span.setAttribute(Names.Attribute.ERROR.text(), cause);
        span.setStatus(StatusCode.ERROR);
        return this;
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
