package dev.airlock.starter.run;

import java.time.Duration;

/** Spans of time in words. */
public final class Durations {
    private Durations() {}

    /** Such as {@code 250 ms}, {@code 4 s}, {@code 2 min 5 s}, {@code 3 h 10 min}, {@code 2 days 4 h}. */
    public static String text(Duration span) {
        if (span.isNegative()) {
            return "0 s";
        }
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            return span.toMillis() + " ms";
        }
        if (span.compareTo(Duration.ofMinutes(1)) < 0) {
            return span.toSeconds() + " s";
        }
        if (span.compareTo(Duration.ofHours(1)) < 0) {
            return two(span.toMinutes(), "min", span.toSecondsPart(), "s");
        }
        if (span.compareTo(Duration.ofDays(1)) < 0) {
            return two(span.toHours(), "h", span.toMinutesPart(), "min");
        }
        return two(span.toDays(), span.toDays() == 1 ? "day" : "days", span.toHoursPart(), "h");
    }

    private static String two(long large, String unit, long small, String part) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + part);
    }
}
