package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed file: its values, and where each of them and each key stands.
 *
 * @param mistakes what is wrong with the text itself and still left a value to look at, such as a key given twice
 */
record YamlDocument(JsonNode root, Map<Location, Spot> values, Map<Location, Spot> keys, List<PipelineError> mistakes) {

    private static final Spot TOP = new Spot(1, 1);

    /** A place in the text, from 1. */
    record Spot(int line, int column) {}

    /** A mistake about a value; about one that is not there, at what it is missing from. */
    PipelineError at(Location value, String message, @Nullable String suggestion) {
        Location there = value;
        while (!values.containsKey(there) && !there.elements().isEmpty()) {
            there = there.parent();
        }
        Spot spot = values.getOrDefault(there, TOP);
        return new PipelineError(spot.line, spot.column, value.toString(), message, suggestion);
    }

    int line(Location value) {
        return values.getOrDefault(value, TOP).line;
    }

    PipelineError atKey(Location key, String message, @Nullable String suggestion) {
        Spot spot = keys.getOrDefault(key, TOP);
        return new PipelineError(spot.line, spot.column, key.toString(), message, suggestion);
    }
}
