package dev.airlock.bench.report;

import java.util.Locale;

/** Three digits say all that a noisy machine can know. */
final class Numbers {
    private Numbers() {}

    static String text(double number) {
        double size = Math.abs(number);
        if (number == Math.rint(number) || size >= 100) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number);
    }
}
