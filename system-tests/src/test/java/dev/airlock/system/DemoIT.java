package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first thing that anybody sees, and that it leaves nothing behind. */
class DemoIT {
    private static final String NO_DOCKER = "unix:///nonexistent";
    private static final String SOMEBODY_ELSES = "somebody-elses";

    private Airlock airlock;

    @BeforeEach
    void make() throws IOException {
        airlock = new Airlock();
    }

    @AfterEach
    void close() throws IOException {
        airlock.close();
    }

    @Test
    void promotesWithoutDockerAndWithoutTemporal() throws Exception {
        try (DemoProcess demo = start(bare(), "--yes", "-o", "json")) {
            assertThat(demo.awaitEnd()).as(demo.err()).isZero();

            JsonNode told = demo.answer();
            assertThat(told.path("ok").asBoolean()).isTrue();
            assertThat(told.path("outcome").asText()).isEqualTo("PROMOTED");
            assertThat(told.path("promoted").asText()).matches("[0-9a-f]{40}");
            assertThat(told.path("attempts").asInt()).isEqualTo(2);
            assertThat(told.at("/audit/ok").asBoolean()).isTrue();
            assertThat(told.at("/audit/events").asInt()).isGreaterThan(15);
            assertThat(told.path("seconds").asDouble()).isPositive();
            assertThat(demo.out().lines()).hasSize(1);
            assertThat(demo.err())
                    .contains(
                            "AssertionError: 148 != 149",
                            "in memory",
                            "bubblewrap",
                            told.path("promoted").asText())
                    .doesNotContain("WARN", "SLF4J", "Exception", "\u001b");
            demo.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"docker, auto", "bubblewrap, memory"})
    void losesNothingWhenTheWorkerIsKilled(String engine, String temporal) throws Exception {
        try (DemoProcess demo = start(Map.of(), "--yes", "--kill-worker", "--engine", engine, "--temporal", temporal)) {
            assertThat(demo.awaitEnd()).as(demo.out() + demo.err()).isZero();

            assertThat(demo.out())
                    .contains("in the middle of the test", "One nonce", "orders 1 to 120, each once and in order")
                    .contains("PROMOTED after 2 attempts")
                    .containsPattern("goes on at byte \\d+, \\d+\\.\\d s after the kill");
            assertThat(demo.out().lines().filter(line -> !isQuoted(line)))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(demo.err()).isEmpty();
            demo.assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT, ., bubblewrap",
        "TERM, endpoints.json, docker",
        "INT, output, docker",
        "TERM, logs/worker-2.out, bubblewrap"
    })
    void leavesNothingBehindWhenItIsStopped(String signal, String file, String engine) throws Exception {
        try (DemoProcess demo = start(
                Map.of("AIRLOCK_INSTALLATION", SOMEBODY_ELSES),
                "--yes",
                "--kill-worker",
                "--engine",
                engine,
                "--temporal",
                "auto",
                "-o",
                "json")) {
            Airlock.await(() -> demo.made(file), "no " + file + " in the demo's directory");
            demo.signal(signal);

            assertThat(demo.awaitEnd()).isEqualTo(2);
            assertThat(demo.answer().at("/error/code").asText()).isEqualTo("UNAVAILABLE");
            assertThat(demo.err()).contains("stopping").doesNotContain("Exception");
            assertThat(demo.installation()).isNotEqualTo(SOMEBODY_ELSES);
            demo.assertNothingIsLeft();
        }
    }

    @Test
    void asksForATerminalOrAYesBeforeAnythingStarts() throws Exception {
        try (DemoProcess demo = start(Map.of(), "-o", "json")) {
            assertThat(demo.awaitEnd()).isEqualTo(2);

            assertThat(demo.answer().at("/error/code").asText()).isEqualTo("USAGE");
            assertThat(demo.answer().at("/error/message").asText()).contains("--yes");
            demo.assertNothingIsLeft();
        }
    }

    /** The diff is shown as it is, and a directory's name is as long as it is. */
    private static boolean isQuoted(String line) {
        return line.matches(" {3}[ +-].*") || line.startsWith("   state ");
    }

    /** Neither a Docker engine nor a {@code temporal} command. */
    private Map<String, String> bare() throws IOException {
        return Stream.concat(
                        MemoryIT.withoutTemporal(airlock).entrySet().stream(),
                        Stream.of(Map.entry("DOCKER_HOST", NO_DOCKER)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private DemoProcess start(Map<String, String> environment, String... options) throws IOException {
        Path directory = Files.createDirectories(airlock.scratch("demo"));
        return DemoProcess.start(directory, environment, List.of(options));
    }
}
