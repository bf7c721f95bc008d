package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations, sizes and processors of a document that the schema has passed. */
final class Quantities {
    private static final Pattern PART = Pattern.compile("([0-9]+)([dhms])");
    private static final Pattern SIZE = Pattern.compile("([0-9]+)(Ki|Mi|Gi|Ti)?");

    private Quantities() {}

    static Duration duration(JsonNode value) {
        Duration sum = Duration.ZERO;
        Matcher parts = PART.matcher(value.textValue());
        while (parts.find()) {
            sum = sum.plus(unit(parts.group(2)).multipliedBy(Long.parseLong(parts.group(1))));
        }
        return sum;
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "d" -> Duration.ofDays(1);
            case "h" -> Duration.ofHours(1);
            case "m" -> Duration.ofMinutes(1);
            default -> Duration.ofSeconds(1);
        };
    }

    /** Bytes; as many as a long holds when it is more. */
    static long size(JsonNode value) {
        Matcher size = SIZE.matcher(value.asText());
        if (!size.matches()) {
            throw new IllegalArgumentException("the schema lets no such size through: " + value);
        }
        long number = Long.parseLong(size.group(1));
        int shift = size.group(2) == null
                ? 0
                : 10 * (1 + "KMGT".indexOf(size.group(2).charAt(0)));
        return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
    }

    /** Thousandths of a processor. */
    static int cpuMillis(JsonNode value) {
        if (value.isTextual()) {
            String text = value.textValue();
            return Integer.parseInt(text.substring(0, text.length() - 1));
        }
        return (int) Math.round(value.doubleValue() * 1000);
    }
}
