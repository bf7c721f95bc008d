package dev.airlock.platform.telemetry;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random ids, except for a span whose id follows from what it is about. */
final class GivenIds implements IdGenerator {
    static final GivenIds INSTANCE = new GivenIds();

    private static final IdGenerator RANDOM = IdGenerator.random();
    private static final ThreadLocal<@Nullable Ids> NEXT = new ThreadLocal<>();

    /** The ids of one span. */
    record Ids(String trace, String span) {}

    private GivenIds() {}

    /** Starts one span, on this thread, with these ids. */
    static <T> T with(Ids ids, Supplier<T> start) {
        NEXT.set(ids);
        try {
            return start.get();
        } finally {
            NEXT.remove();
        }
    }

    @Override
    public String generateSpanId() {
        Ids given = NEXT.get();
        return given == null ? RANDOM.generateSpanId() : given.span();
    }

    @Override
    public String generateTraceId() {
        Ids given = NEXT.get();
        return given == null ? RANDOM.generateTraceId() : given.trace();
    }
}
