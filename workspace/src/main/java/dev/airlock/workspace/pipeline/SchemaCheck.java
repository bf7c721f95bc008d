package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import dev.airlock.platform.settings.Suggestions;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Compares a document with the published schema. One mistake is one complaint: a misspelt key is not also a missing one, and
 * what is wrong in kind is not looked at further.
 */
final class SchemaCheck {
    static final String RESOURCE = "pipeline.schema.json";
    private static final JsonNode DOCUMENT = load();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(DOCUMENT);
    private static final Map<String, String> KINDS = Map.of(
            "object", "a group of keys",
            "array", "a list",
            "string", "a text",
            "integer", "a whole number",
            "number", "a number",
            "boolean", "true or false",
            "null", "nothing");

    private final YamlDocument yaml;
    private final List<Complaint> complaints = new ArrayList<>();

    SchemaCheck(YamlDocument yaml) {
        this.yaml = yaml;
    }

    /** @param at the value that is wrong, or the mapping that lacks something */
    record Complaint(Location at, PipelineError error) {}

    List<Complaint> check() {
        List<Error> errors = SCHEMA.validate(yaml.root());
        Set<Location> guessed = new HashSet<>();
        for (Error error : errors) {
            if (error.getKeyword().equals("additionalProperties")) {
                unknownKey(error, guessed);
            }
        }
        for (Error error : errors) {
            switch (error.getKeyword()) {
                case "additionalProperties" -> {}
                case "required" -> missingKey(error, guessed);
                default -> wrongValue(error);
            }
        }
        return complaints;
    }

    private void unknownKey(Error error, Set<Location> guessed) {
        Location mapping = location(error.getInstanceLocation());
        String key = Objects.requireNonNull(error.getProperty());
        List<String> known = new ArrayList<>();
        parent(error).path("properties").fieldNames().forEachRemaining(known::add);
        Optional<String> meant = Suggestions.nearest(key, known);
        meant.ifPresent(name -> guessed.add(mapping.child(name)));
        String message = "unknown key '" + Words.shown(key) + "'"
                + meant.map(name -> "; did you mean '" + name + "'?").orElse("; known are " + String.join(", ", known));
        Location at = mapping.child(key);
        complaints.add(new Complaint(at, yaml.atKey(at, message, meant.orElse(null))));
    }

    private void missingKey(Error error, Set<Location> guessed) {
        Location mapping = location(error.getInstanceLocation());
        String key = Objects.requireNonNull(error.getProperty());
        if (!guessed.contains(mapping.child(key))) {
            Location at = mapping.child(key);
            complaints.add(new Complaint(at, yaml.at(mapping, "'" + key + "' is missing", null)));
        }
    }

    private void wrongValue(Error error) {
        Location at = location(error.getInstanceLocation());
        JsonNode value = Objects.requireNonNull(error.getInstanceNode());
        if (complaints.stream().anyMatch(complaint -> complaint.at.equals(at))) {
            return;
        }
        Optional<String> meant = Optional.empty();
        if (error.getKeyword().equals("enum") && value.isTextual()) {
            meant = Suggestions.nearest(value.textValue(), texts(rule(error)));
        }
        complaints.add(new Complaint(at, yaml.at(at, message(error, value), meant.orElse(null))));
    }

    private static String message(Error error, JsonNode value) {
        JsonNode rule = rule(error);
        String shown = Words.shown(value);
        return switch (error.getKeyword()) {
            case "enum" -> shown + " is not one of " + String.join(", ", texts(rule));
            case "type" -> (value.isNull() ? "is empty, not " : shown + " is not ") + wanted(error, rule);
            case "pattern", "minLength" -> shown + " is not " + described(error);
            case "minimum" -> shown + " is less than " + rule.asText();
            case "maximum" -> shown + " is more than " + rule.asText();
            case "minItems" -> "an empty list; something must be in it";
            case "maxItems" -> "a list of over " + rule.asText();
            case "maxLength" -> "a text of over " + rule.asText() + " characters";
            case "uniqueItems" -> "a list with the same entry twice";
            default -> Words.oneLine(String.valueOf(error.getMessage()));
        };
    }

    /** What has a form of its own is described better by that than by its kind. */
    private static String wanted(Error error, JsonNode rule) {
        return parent(error).has("pattern") ? described(error) : kinds(rule);
    }

    private static String described(Error error) {
        return parent(error).path("description").asText("what goes here");
    }

    private static String kinds(JsonNode rule) {
        StringJoiner kinds = new StringJoiner(" or ");
        for (String kind : rule.isArray() ? texts(rule) : List.of(rule.asText())) {
            kinds.add(KINDS.getOrDefault(kind, kind));
        }
        return kinds.toString();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(entry -> texts.add(entry.asText()));
        return texts;
    }

    private static Location location(NodePath path) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < path.getNameCount(); i++) {
            elements.add(path.getElement(i));
        }
        return new Location(elements);
    }

    /** The value of the keyword that complains. */
    private static JsonNode rule(Error error) {
        return node(error.getSchemaLocation().getFragment(), 0);
    }

    /** The schema that the keyword stands in. */
    private static JsonNode parent(Error error) {
        return node(error.getSchemaLocation().getFragment(), 1);
    }

    private static JsonNode node(NodePath path, int without) {
        JsonNode node = DOCUMENT;
        for (int i = 0; i < path.getNameCount() - without; i++) {
            Object element = path.getElement(i);
            node = node.isArray() ? node.path(Integer.parseInt(element.toString())) : node.path(element.toString());
        }
        return node;
    }

    private static JsonNode load() {
        try (InputStream in = SchemaCheck.class.getResourceAsStream(RESOURCE)) {
            return Payloads.mapper().readTree(Objects.requireNonNull(in, RESOURCE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
