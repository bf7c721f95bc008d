package dev.airlock.workspace.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.workspace.pipeline.YamlDocument.Spot;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML that nobody vouches for: bounded in size and depth, one document, without tags and aliases, so that what is
 * written is what is meant and no text makes more of itself.
 */
final class YamlReader {
    private static final int MOST_BYTES = 256 << 10;
    private static final int DEEPEST = 32;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<Location, Spot> values = new HashMap<>();
    private final Map<Location, Spot> keys = new HashMap<>();
    private final List<PipelineError> mistakes = new ArrayList<>();

    private YamlReader() {}

    /** @throws Unreadable with the one mistake that makes the rest unreadable */
    static YamlDocument read(byte[] yaml) throws Unreadable {
        String text = text(yaml);
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(MOST_BYTES).build();
        try {
            checkEvents(new Parse(settings).parseString(text));
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                throw new Unreadable(1, 1, "the file is empty");
            }
            YamlReader reader = new YamlReader();
            JsonNode value = reader.value(root.get(), Location.ROOT);
            return new YamlDocument(value, reader.values, reader.keys, reader.mistakes);
        } catch (MarkedYamlEngineException e) {
            Spot spot = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(YamlReader::spot)
                    .orElse(new Spot(1, 1));
            throw new Unreadable(spot.line(), spot.column(), "not YAML: " + problem(e));
        } catch (YamlEngineException e) {
            throw new Unreadable(1, 1, "not YAML: " + Words.oneLine(String.valueOf(e.getMessage())));
        }
    }

    private static String text(byte[] yaml) throws Unreadable {
        if (yaml.length > MOST_BYTES) {
            throw new Unreadable(1, 1, "the file has " + yaml.length + " bytes; a pipeline has at most " + MOST_BYTES);
        }
        ByteBuffer bytes = ByteBuffer.wrap(yaml);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            String before = new String(yaml, 0, bytes.position(), StandardCharsets.UTF_8);
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            String start = before.substring(before.lastIndexOf('\n') + 1);
            throw new Unreadable(line, start.codePointCount(0, start.length()) + 1, "the file is not UTF-8");
        }
    }

    /** One flat pass before anything is built: nesting is refused before it can exhaust the stack. */
    private static void checkEvents(Iterable<Event> events) throws Unreadable {
        int depth = 0;
        int documents = 0;
        for (Event event : events) {
            if (event instanceof DocumentStartEvent && ++documents > 1) {
                throw unreadable(event, "a second document; a pipeline is one");
            }
            if (event instanceof AliasEvent) {
                throw unreadable(event, "an alias (*name); write the value out");
            }
            if (event instanceof CollectionStartEvent start) {
                refuseTag(event, start.getTag());
                if (++depth > DEEPEST) {
                    throw unreadable(event, "nested more than " + DEEPEST + " levels deep");
                }
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (event instanceof ScalarEvent scalar) {
                refuseTag(event, scalar.getTag());
            }
        }
    }

    private static void refuseTag(Event event, Optional<String> tag) throws Unreadable {
        if (tag.isPresent()) {
            throw unreadable(event, "a tag (" + Words.shown(tag.get()) + "); leave it out");
        }
    }

    private JsonNode value(Node node, Location at) {
        values.put(at, spot(node.getStartMark().orElseThrow()));
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, at);
            case SequenceNode sequence -> sequence(sequence, at);
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalStateException("no alias is left: " + node.getNodeType());
        };
    }

    private ObjectNode mapping(MappingNode mapping, Location at) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            Spot spot = spot(entry.getKeyNode().getStartMark().orElseThrow());
            if (!(entry.getKeyNode() instanceof ScalarNode scalar)) {
                mistakes.add(new PipelineError(
                        spot.line(), spot.column(), at.toString(), "a key must be a plain text", null));
                continue;
            }
            Location child = at.child(scalar.getValue());
            Spot first = keys.putIfAbsent(child, spot);
            if (first != null) {
                mistakes.add(new PipelineError(
                        spot.line(),
                        spot.column(),
                        child.toString(),
                        "key '" + Words.shown(scalar.getValue()) + "' is there already, in line " + first.line(),
                        null));
                continue;
            }
            object.set(scalar.getValue(), value(entry.getValueNode(), child));
        }
        return object;
    }

    private ArrayNode sequence(SequenceNode sequence, Location at) {
        ArrayNode array = JSON.arrayNode();
        for (Node node : sequence.getValue()) {
            array.add(value(node, at.child(array.size())));
        }
        return array;
    }

    /** A number too large to calculate with stays a text, and is then refused as one. */
    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (scalar.getTag().equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (scalar.getTag().equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        if (scalar.getTag().equals(Tag.INT) && text.length() <= 18) {
            return JSON.numberNode(Long.parseLong(text));
        }
        if (scalar.getTag().equals(Tag.FLOAT) && text.matches("-?[0-9]{1,9}\\.[0-9]{1,9}")) {
            return JSON.numberNode(Double.parseDouble(text));
        }
        return JSON.textNode(text);
    }

    private static Unreadable unreadable(Event event, String message) {
        Spot spot = spot(event.getStartMark().orElseThrow());
        return new Unreadable(spot.line(), spot.column(), message);
    }

    private static Spot spot(Mark mark) {
        return new Spot(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String problem(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("'\\t")) {
            return "a tab; indent with blanks";
        }
        String context = e.getContext();
        return Words.oneLine(context == null || context.isEmpty() ? problem : context + ", " + problem);
    }

    /** The text has a mistake that leaves nothing to look at. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient PipelineError error;

        Unreadable(int line, int column, String message) {
            super(message);
            this.error = new PipelineError(line, column, "", message, null);
        }

        PipelineError error() {
            return error;
        }
    }
}
