package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;

/** Values from a file, made safe for one line of a message. */
final class Words {
    private static final int MOST = 60;

    private Words() {}

    static String shown(JsonNode value) {
        if (value.isObject() || value.isArray()) {
            return value.isObject() ? "a group of keys" : "a list";
        }
        return "'" + shown(value.asText()) + "'";
    }

    static String shown(String text) {
        String line = oneLine(text);
        return line.length() <= MOST ? line : line.substring(0, line.offsetByCodePoints(0, MOST / 2)) + "…";
    }

    static String oneLine(String text) {
        return text.replaceAll("\\p{C}+|\\s+", " ").strip();
    }
}
