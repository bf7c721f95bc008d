package dev.airlock.starter.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A moment of the monotonic clock that may never come. */
public final class Deadline {
    private static final Duration FAR = Duration.ofDays(365);

    private final long end;

    private Deadline(Duration span) {
        this.end = System.nanoTime() + span.toNanos();
    }

    public static Deadline in(@Nullable Duration span) {
        return new Deadline(span == null || span.compareTo(FAR) > 0 ? FAR : span);
    }

    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    public boolean over() {
        return left().isZero();
    }
}
