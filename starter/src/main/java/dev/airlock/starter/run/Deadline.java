package dev.airlock.starter.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A moment of the monotonic clock that may never come. */
final class Deadline {
    private static final Duration FAR = Duration.ofDays(365);

    private final long end;

    private Deadline(Duration span) {
        this.end = System.nanoTime() + span.toNanos();
    }

    static Deadline in(@Nullable Duration span) {
        return new Deadline(span == null || span.compareTo(FAR) > 0 ? FAR : span);
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    boolean over() {
        return left().isZero();
    }
}
