package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Servers that go away delay a run and never drop, repeat or skip anything of it. */
class OutagesIT {

    @Test
    void goesOnAfterEverythingWasKilledAtOnce() throws IOException {
        try (Airlock airlock = new Airlock()) {
            Airlock.Server everything = airlock.dev();
            airlock.ok(
                    "workspace",
                    "create",
                    "counting",
                    "--from",
                    Counting.workspace(airlock, 60).toString());
            String run = airlock.ok("push", "counting", "--task", task(airlock).toString())
                    .text("/run");
            Path output = airlock.output(run, "test", 1);
            Airlock.await(() -> Files.exists(output) && output.toFile().length() > 40, "the test prints nothing");
            everything.kill();
            Answer alone = airlock.run("status", run).expectExit(2);
            assertThat(alone.text("/error/code")).isEqualTo("UNAVAILABLE");

            airlock.dev();
            promote(airlock, run);

            Counting.assertOneWholeCount(log(airlock, run), 60);
            airlock.ok("audit", "verify", run);
        }
    }

    @Test
    void promotesOnlyAfterKafkaAcknowledgedTheIntent() throws IOException {
        try (Airlock servers = new Airlock();
                Airlock airlock = new Airlock()) {
            Airlock.Server plant = servers.dev("--no-worker");
            airlock.dev(
                    "--temporal", plant.ready().at("/temporal/target").asText(),
                    "--kafka", plant.ready().at("/kafka/bootstrap").asText());
            airlock.ok(
                    "workspace",
                    "create",
                    "counting",
                    "--from",
                    Counting.workspace(airlock, 3).toString());
            String run = airlock.ok("push", "counting", "--task", task(airlock).toString())
                    .text("/run");
            airlock.ok("wait", run, "--for", "review", "--timeout", "90s");
            String evidence = airlock.ok("status", run).text("/evidence");
            Git git = new Git(airlock, "counting");
            String base = git.tip("main");

            // Its Temporal is a process of its own and outlives it; its Kafka does not.
            plant.kill();
            airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence);
            airlock.awaitStatus(
                    run, s -> s.path("state").asText().equals("PROMOTING"), "it does not get to the intent");
            assertThat(git.tip("main")).isEqualTo(base);
            Answer tooLate =
                    airlock.run("--yes", "cancel", run, "--reason", "no").expectExit(1);
            assertThat(tooLate.text("/error/code")).isEqualTo("ALREADY_DECIDED");
            assertThat(git.tip("main")).isEqualTo(base);

            servers.dev("--no-worker");
            JsonNode ended =
                    airlock.ok("wait", run, "--for", "end", "--timeout", "120s").json();
            assertThat(git.tip("main")).isEqualTo(ended.path("promoted").asText());
            airlock.ok("audit", "verify", run);
        }
    }

    private static void promote(Airlock airlock, String run) {
        airlock.ok("wait", run, "--for", "review", "--timeout", "120s");
        String evidence = airlock.ok("status", run).text("/evidence");
        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence);
        airlock.ok("wait", run, "--for", "end", "--timeout", "60s");
    }

    private static Path task(Airlock airlock) throws IOException {
        return Files.writeString(airlock.scratch("tasks").resolve("task.md"), "make it\n");
    }

    private static String log(Airlock airlock, String run) {
        StringBuilder text = new StringBuilder();
        airlock.ok("logs", run, "--step", "test").out().lines().forEach(line -> {
            String data = new Answer("logs", 0, line, "").text("/data");
            text.append(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
        });
        return text.toString();
    }
}
