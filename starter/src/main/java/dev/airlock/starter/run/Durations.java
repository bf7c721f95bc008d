package dev.airlock.starter.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Spans of time, and moments, in words. */
public final class Durations {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private Durations() {}

    /**
     * Such as {@code 250 ms}, {@code 1.2 s}, {@code 14 s}, {@code 2 min 5 s}, {@code 3 h 10 min}, {@code 2 days 4 h}: as exact
     * as it matters at that length.
     */
    public static String text(Duration span) {
        if (span.isNegative()) {
            return "0 s";
        }
        if (span.compareTo(Duration.ofSeconds(1)) < 0) {
            return span.toMillis() + " ms";
        }
        if (span.compareTo(Duration.ofSeconds(10)) < 0) {
            return tenths(span.toMillis() / 100);
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
        return two(span.toDays(), days(span), span.toHoursPart(), "h");
    }

    /** A moment as seen from another: {@code just now}, {@code 2 min ago}, {@code in 23 h}. */
    public static String relative(Instant moment, Instant now) {
        Duration away = Duration.between(moment, now);
        if (away.abs().compareTo(MOMENT) < 0) {
            return "just now";
        }
        return away.isNegative() ? "in " + coarse(away.negated()) : coarse(away) + " ago";
    }

    private static String coarse(Duration span) {
        if (span.compareTo(Duration.ofMinutes(1)) < 0) {
            return span.toSeconds() + " s";
        }
        if (span.compareTo(Duration.ofHours(1)) < 0) {
            return span.toMinutes() + " min";
        }
        return span.compareTo(Duration.ofDays(1)) < 0 ? span.toHours() + " h" : span.toDays() + " " + days(span);
    }

    private static String days(Duration span) {
        return span.toDays() == 1 ? "day" : "days";
    }

    private static String tenths(long count) {
        return count % 10 == 0 ? count / 10 + " s" : String.format(Locale.ROOT, "%d.%d s", count / 10, count % 10);
    }

    private static String two(long large, String unit, long small, String part) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + part);
    }
}
