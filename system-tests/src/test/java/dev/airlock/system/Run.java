package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** One run, and what a person does with it from push to promotion. */
record Run(Airlock airlock, String id) {

    /** Starts one by giving the workspace's agent a task. */
    static Run push(Airlock airlock, String workspace) {
        try {
            Path task = Files.writeString(airlock.scratch("tasks").resolve("task.md"), "make it\n");
            return new Run(
                    airlock,
                    airlock.ok("push", workspace, "--task", task.toString()).text("/run"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    JsonNode status() {
        return airlock.status(id);
    }

    String evidence() {
        return airlock.ok("review", id).text("/evidence");
    }

    void awaitReview() {
        airlock.ok("wait", id, "--for", "review", "--timeout", "120s");
    }

    JsonNode awaitPromotion() {
        return airlock.ok("wait", id, "--for", "end", "--timeout", "120s").json();
    }

    void approve(String evidence) {
        airlock.ok("approve", id, "--as", "user:rita", "--evidence", evidence);
    }

    /** Waits for the review, says yes, and waits for the end. */
    JsonNode promote() {
        awaitReview();
        approve(evidence());
        return awaitPromotion();
    }

    /** The whole output of the step's latest attempt. */
    String log(String step) {
        return text(airlock.ok("logs", id, "--step", step));
    }

    /** What {@code logs} printed, put together. */
    static String text(Answer logs) {
        StringBuilder text = new StringBuilder();
        logs.out().lines().forEach(line -> text.append(decode(line)));
        return text.toString();
    }

    private static String decode(String line) {
        String data = new Answer("logs", 0, line, "").text("/data");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    /** Waits until the first attempt of the step has printed something, which the worker has kept. */
    void awaitOutput(String step) {
        Path output = airlock.output(id, step, 1);
        Airlock.await(() -> lines(output) > 10, step + " prints nothing");
    }

    private static long lines(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).lines().count() : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code NUMBER:VERDICT} of each attempt of the step. */
    List<String> attempts(String step) {
        List<String> attempts = new ArrayList<>();
        for (JsonNode one : status().path("steps")) {
            if (one.path("id").asText().equals(step)) {
                attempts.add(
                        one.path("attempt").asInt() + ":" + one.path("verdict").asText());
            }
        }
        return attempts;
    }

    /** Asserts that the run ended with one commit on its branch, a whole audit trail, and nothing left. */
    void assertPromotedOnce() {
        JsonNode status = status();
        assertThat(status.path("outcome").asText()).isEqualTo("PROMOTED");
        int commits = 0;
        for (JsonNode commit : airlock.ok(
                        "workspace", "log", status.path("workspace").asText())
                .json()
                .path("items")) {
            commits += commit.path("run").asText().equals(id) ? 1 : 0;
        }
        assertThat(commits).isEqualTo(1);
        assertThat(airlock.ok("audit", "verify", id).text("/head"))
                .isEqualTo(status.at("/audit/hash").asText());
        Airlock.await(() -> Containers.of(airlock).isEmpty(), "containers are left");
    }
}
