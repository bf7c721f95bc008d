package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compares an answer with the file that freezes it. {@code -Dgolden=write} writes new ones; look at the difference then. */
public final class Golden {
    private static final Path FILES = Path.of("src/test/resources/golden");

    private Golden() {}

    /** The answer is exactly one line. */
    public static void check(String name, String line) throws IOException {
        assertThat(line).endsWith("\n");
        assertThat(line.lines()).hasSize(1);
        ObjectMapper mapper = Payloads.mapper();
        JsonNode tree = mapper.readTree(line);
        assertThat(tree.fieldNames().next()).isEqualTo("schema");
        assertThat(tree.path("schema").asText()).isEqualTo("airlock/v1");
        String shown = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        Path file = FILES.resolve(name + ".json");
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(file, shown);
        }
        assertThat(shown).isEqualTo(Files.readString(file));
    }
}
