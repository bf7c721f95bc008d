package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that is killed anywhere loses, repeats and skips nothing. */
class KilledWorkerIT {
    private static Airlock airlock;

    @BeforeAll
    static void start() throws IOException {
        airlock = new Airlock();
        airlock.dev("--no-worker");
        airlock.ok(
                "workspace",
                "create",
                "counting",
                "--from",
                Counting.workspace(airlock).toString());
        airlock.ok(
                "workspace",
                "create",
                "quick",
                "--from",
                Counting.workspace(airlock, 3).toString());
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "test"})
    void goesOnReadingTheOutputOfACommandThatRanOn(String step) throws IOException {
        Airlock.Server first = airlock.worker();
        String run = push("counting");
        Path output = airlock.output(run, step, 1);
        Airlock.await(() -> lines(output) > 10, step + " prints nothing");

        first.kill();
        try (Containers.Starts starts = Containers.watch(airlock)) {
            Airlock.Server second = airlock.worker();
            promote(run);
            second.stop();
            assertThat(starts.of(run, step)).isZero();
        }

        JsonNode status = airlock.status(run);
        assertThat(status.path("outcome").asText()).isEqualTo("PROMOTED");
        assertThat(attemptsOf(status, step)).isEqualTo(1);
        Counting.assertOneWholeCount(log(run, step), Counting.LAST);
        assertTrailIsWhole(run, status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sandbox.created",
                "sandbox.leased",
                "sandbox.started",
                "sandbox.ended",
                "sandbox.collected",
                "sandbox.durable",
                "sandbox.released",
                "validate.checked",
                "audit.before-send",
                "audit.sent"
            })
    void goesOnAfterDyingBeforeTheReview(String failpoint) {
        Airlock.Server doomed = airlock.workerWithFailpoint(failpoint);
        String run = push("quick");
        doomed.awaitDeath();

        Airlock.Server next = airlock.worker();
        promote(run);
        next.stop();

        assertPromotedOnce(run);
        Counting.assertOneWholeCount(log(run, "test"), 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"promote.prepared", "promote.before-move", "promote.moved"})
    void promotesOnceAfterDyingWhilePromoting(String failpoint) {
        Airlock.Server worker = airlock.worker();
        String run = push("quick");
        airlock.ok("wait", run, "--for", "review", "--timeout", "120s");
        // While it waits for a person, too.
        worker.kill();
        Airlock.Server doomed = airlock.workerWithFailpoint(failpoint);
        airlock.run("approve", run, "--as", "user:rita", "--evidence", evidence(run));
        doomed.awaitDeath();

        Airlock.Server next = airlock.worker();
        airlock.ok("wait", run, "--for", "end", "--timeout", "90s");
        next.stop();

        assertPromotedOnce(run);
    }

    @Test
    void detachesInOrderWithoutEndingTheCommand() {
        Airlock.Server first = airlock.worker();
        String run = push("counting");
        Path output = airlock.output(run, "test", 1);
        Airlock.await(() -> lines(output) > 10, "the test prints nothing");
        first.stop();

        Airlock.Server second = airlock.worker();
        promote(run);
        second.stop();

        Counting.assertOneWholeCount(log(run, "test"), Counting.LAST);
        assertPromotedOnce(run);
    }

    private static void assertPromotedOnce(String run) {
        JsonNode status = airlock.status(run);
        assertThat(status.path("outcome").asText()).isEqualTo("PROMOTED");
        int commits = 0;
        for (JsonNode commit : airlock.ok(
                        "workspace", "log", status.path("workspace").asText())
                .json()
                .path("items")) {
            commits += commit.path("run").asText().equals(run) ? 1 : 0;
        }
        assertThat(commits).isEqualTo(1);
        assertTrailIsWhole(run, status);
        Airlock.await(() -> Containers.of(airlock).isEmpty(), "containers are left");
    }

    private static void assertTrailIsWhole(String run, JsonNode status) {
        JsonNode verified = airlock.ok("audit", "verify", run).json();
        assertThat(verified.path("head").asText())
                .isEqualTo(status.at("/audit/hash").asText());
    }

    private static String push(String workspace) {
        try {
            Path task = airlock.scratch("tasks").resolve("task.md");
            Files.writeString(task, "make it\n");
            return airlock.ok("push", workspace, "--task", task.toString()).text("/run");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void promote(String run) {
        airlock.ok("wait", run, "--for", "review", "--timeout", "120s");
        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence(run));
        airlock.ok("wait", run, "--for", "end", "--timeout", "60s");
    }

    private static String evidence(String run) {
        return airlock.ok("review", run).text("/evidence");
    }

    private static int attemptsOf(JsonNode status, String step) {
        int attempts = 0;
        for (JsonNode one : status.path("steps")) {
            attempts += one.path("id").asText().equals(step) ? 1 : 0;
        }
        return attempts;
    }

    private static String log(String run, String step) {
        StringBuilder text = new StringBuilder();
        airlock.ok("logs", run, "--step", step).out().lines().forEach(line -> text.append(decode(line)));
        return text.toString();
    }

    private static String decode(String line) {
        String data = new Answer("logs", 0, line, "").text("/data");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    private static long lines(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).lines().count() : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
