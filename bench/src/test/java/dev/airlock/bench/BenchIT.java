package dev.airlock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench by the launcher, the way a user types it; the smallest row there is. */
class BenchIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("airlock.home", ".."), "airlock")
            .toAbsolutePath()
            .normalize();

    @TempDir
    private Path directory;

    @Test
    void measuresARowAndKeepsIt() throws IOException, InterruptedException {
        Path results = directory.resolve("results");
        Answer answer = bench("--only", "b3", "--blocks", "1", "-o", "json", "--results", results.toString());

        assertThat(answer.exit).as(answer.err).isZero();
        JsonNode report = new ObjectMapper().readTree(answer.out);
        assertThat(report.path("schema").asText()).isEqualTo("airlock/v1");
        assertThat(report.at("/machine/cores").asInt()).isPositive();
        assertThat(report.at("/machine/temporal").toString()).contains("transferProcessorMaxPollRPS");
        assertThat(report.path("skipped")).isEmpty();
        assertThat(report.path("rows")).hasSize(2);
        JsonNode events = report.at("/rows/0");
        assertThat(events.path("id").asText()).isEqualTo("b3");
        assertThat(events.at("/ours/median").asDouble()).isBetween(20.0, 100.0);
        assertThat(events.at("/baseline/median").asDouble()).isBetween(20.0, 50.0);
        try (Stream<Path> kept = Files.list(results)) {
            assertThat(kept.toList())
                    .singleElement()
                    .satisfies(file -> assertThat(new ObjectMapper().readTree(Files.readAllBytes(file)))
                            .isEqualTo(report));
        }
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void refusesARowThatThereIsNot() throws IOException, InterruptedException {
        Answer answer = bench("--only", "z9");

        assertThat(answer.exit).isEqualTo(2);
        assertThat(answer.out).isEmpty();
        assertThat(answer.err).contains("there is no row z9").doesNotContain("\tat ");
    }

    private record Answer(int exit, String out, String err) {}

    private Answer bench(String... words) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        List<String> command = Stream.concat(Stream.of(LAUNCHER.toString(), "bench"), Stream.of(words))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("AIRLOCK_BUILD", "never", "AIRLOCK_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
        Process process = builder.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return new Answer(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
