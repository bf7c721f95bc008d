package dev.airlock.platform.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads values; what does not fit is an {@link IllegalArgumentException} that says what was expected. */
final class SettingValues {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,12})(Ki|Mi|Gi)?");

    private SettingValues() {}

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }

    static int number(String text, int least, int most) {
        String expected = "must be a whole number from " + least + " to " + most;
        try {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(expected);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    static Duration duration(String text) {
        Matcher form = DURATION.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be a length of time such as 300ms, 10s, 5m, 2h or 3d");
        }
        long amount = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** The shortest spelling that {@link #duration} reads back. */
    static String show(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0 || millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    static long bytes(String text) {
        Matcher form = BYTES.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be a number of bytes such as 4096, 64Ki, 512Mi or 2Gi");
        }
        long amount = Long.parseLong(form.group(1));
        if (form.group(2) == null) {
            return amount;
        }
        return switch (form.group(2)) {
            case "Ki" -> amount << 10;
            case "Mi" -> amount << 20;
            default -> Math.multiplyExact(amount, 1L << 30);
        };
    }

    static <E extends Enum<E>> E choice(String text, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> show(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(SettingValues::show)
                                .collect(Collectors.joining(", "))));
    }

    static String show(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
