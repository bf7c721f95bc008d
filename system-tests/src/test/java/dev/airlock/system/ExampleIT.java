package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the example says of itself, checked where there is a Python for sure: in a sandbox. */
class ExampleIT {
    @Test
    void theLoopPlaysWithoutAirlockToo() throws IOException {
        try (Airlock airlock = new Airlock()) {
            airlock.dev();
            Path copy = airlock.scratch("orders");
            copyExample(copy);
            Files.writeString(copy.resolve(".airlock/pipeline.yaml"), """
                    pipeline: check
                    steps:
                      - { id: check, uses: sandbox, with: { run: "sh check.sh", limits: { timeout: 2m } } }
                    """);
            airlock.ok("workspace", "create", "orders", "--from", copy.toString());
            Files.writeString(copy.resolve("NOTE.md"), "A change, since nothing else is pushed.\n");
            String run = airlock.ok("push", "orders", "--dir", copy.toString()).text("/run");

            // Every step passed and nothing is promoted: a definite no.
            airlock.run("wait", run, "--for", "end", "--timeout", "120s").expectExit(1);

            JsonNode step = airlock.status(run).at("/steps/0");
            String printed = Files.readString(airlock.output(run, "check", 1));
            assertThat(step.path("verdict").asText()).as(printed).isEqualTo("PASSED");
            assertThat(printed.lines()).hasSize(6).allMatch(line -> line.startsWith("ok "));
        }
    }

    private static void copyExample(Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(Airlock.ORDERS)) {
            all = found.toList();
        }
        for (Path path : all) {
            Path target = to.resolve(Airlock.ORDERS.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.copy(path, target);
            }
        }
    }
}
