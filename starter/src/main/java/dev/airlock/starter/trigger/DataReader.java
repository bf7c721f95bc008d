package dev.airlock.starter.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.settings.Suggestions;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.Shown;
import dev.airlock.starter.cloudevent.Unacceptable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Members of an object that a stranger wrote. One that nobody knows is refused: it was meant to say something. */
final class DataReader {
    private final JsonNode object;
    private final String name;

    /** @param name what the object is called in messages */
    DataReader(JsonNode object, String name, List<String> known) throws Unacceptable {
        if (!object.isObject()) {
            throw invalid(name + (object.isMissingNode() ? " is missing" : " is no object"));
        }
        this.object = object;
        this.name = name;
        for (String member : (Iterable<String>) object::fieldNames) {
            if (!known.contains(member)) {
                Optional<String> near = Suggestions.nearest(member, known);
                throw invalid(name + " has a member " + Shown.text(member) + ", which means nothing here"
                        + near.map(word -> "; did you mean " + word + "?").orElse("; known are " + list(known)));
            }
        }
    }

    private static String list(List<String> known) {
        return known.stream().collect(Collectors.joining(", "));
    }

    boolean has(String member) {
        return object.hasNonNull(member);
    }

    JsonNode node(String member) {
        return object.path(member);
    }

    String text(String member, int most) throws Unacceptable {
        String text = textOrNull(member, most);
        if (text == null) {
            throw invalid(name + "." + member + " is missing");
        }
        return text;
    }

    @Nullable
    String textOrNull(String member, int most) throws Unacceptable {
        if (!has(member)) {
            return null;
        }
        JsonNode node = object.get(member);
        if (!node.isTextual()) {
            throw invalid(name + "." + member + " is no string");
        }
        String text = node.asText();
        if (text.length() > most) {
            throw invalid(name + "." + member + " has " + text.length() + " characters, at most " + most);
        }
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw invalid(name + "." + member + " holds half a character");
        }
        return text;
    }

    boolean flag(String member) throws Unacceptable {
        if (!has(member)) {
            return false;
        }
        if (!object.get(member).isBoolean()) {
            throw invalid(name + "." + member + " is neither true nor false");
        }
        return object.get(member).asBoolean();
    }

    static Unacceptable invalid(String message) {
        return new Unacceptable(Cause.INVALID_REQUEST, message);
    }
}
