package dev.airlock.system.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The published schemas of events, {@code docs/events/FOLDER/TYPE.json}; a folder is a topic without {@code airlock.}. */
public final class EventSchemas {
    static final Path DIRECTORY = Sources.HOME.resolve("docs/events");

    /** Nobody serves it: what it names is read from the directory. */
    private static final String ROOT = "https://events.invalid/";

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemas(iri -> iri.startsWith(ROOT) ? text(iri.substring(ROOT.length())) : null));

    private EventSchemas() {}

    /** {@code FOLDER/TYPE} of each. */
    static List<String> names() {
        try (Stream<Path> all = Files.walk(DIRECTORY, 2)) {
            return all.filter(file -> DIRECTORY.relativize(file).getNameCount() == 2)
                    .map(file -> DIRECTORY.relativize(file).toString())
                    .filter(name -> !name.endsWith(".example.json"))
                    .map(name -> name.replaceFirst("\\.json$", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode example(String name) {
        return json(text(name + ".example.json"));
    }

    static JsonNode schema(String name) {
        return json(text(name + ".json"));
    }

    /** What is wrong with an event of a topic; an event whose type has no schema is wrong. */
    public static List<String> problems(String topic, String type, JsonNode event) {
        String name = topic.replaceFirst("^airlock\\.", "") + "/" + type.replaceFirst("^dev\\.airlock\\.", "");
        return Files.exists(DIRECTORY.resolve(name + ".json"))
                ? problems(name, event)
                : List.of("there is no schema " + name);
    }

    static List<String> problems(String name, JsonNode event) {
        Schema schema = REGISTRY.getSchema(SchemaLocation.of(ROOT + name + ".json"));
        return schema
                .validate(event, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(error -> name + " " + error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    static String text(String path) {
        try {
            return Files.readString(DIRECTORY.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return Payloads.mapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
