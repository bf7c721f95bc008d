package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same on a machine where no Docker engine answers. */
class BubblewrapIT {
    private static final int LAST = 40;
    private static final Map<String, String> NO_DOCKER = Map.of("DOCKER_HOST", "unix:///nonexistent");

    private static Airlock airlock;
    private static Airlock.Server dev;

    @BeforeAll
    static void start() throws IOException {
        airlock = new Airlock();
        // Nobody names the engine: dev finds that docker does not answer.
        dev = airlock.dev(NO_DOCKER, "--no-worker");
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
    }

    @Test
    void carriesAnAgentsChangeFromTaskToPromotion() throws IOException {
        assertThat(dev.ready().at("/engine/name").asText()).isEqualTo("bubblewrap");
        String tier = dev.ready().at("/engine/tier").asText();
        assertThat(tier).isIn("bubblewrap-cgroup", "bubblewrap-rlimits");
        airlock.ok("workspace", "create", "orders", "--from", Airlock.ORDERS.toString());
        Airlock.Server worker = airlock.worker();
        assertThat(worker.ready().at("/engine/name").asText()).isEqualTo("bubblewrap");
        Run run = new Run(
                airlock,
                airlock.ok(
                                "push",
                                "orders",
                                "--task",
                                Airlock.ORDERS.resolve("task.md").toString())
                        .text("/run"));
        JsonNode ended = run.promote();
        worker.stop();

        assertThat(ended.path("outcome").asText()).isEqualTo("PROMOTED");
        assertThat(run.attempts("test")).containsExactly("1:RED", "2:PASSED");
        JsonNode tests = airlock.ok("review", run.id()).json().at("/document/tests/0");
        assertThat(tests.path("engine").asText()).isEqualTo("bubblewrap");
        assertThat(tests.path("tier").asText()).isEqualTo(tier);
        run.assertPromotedOnce();
        assertNoSandboxes();
    }

    @Test
    void goesOnReadingTheOutputOfACommandWhoseWorkerWasKilled() throws Exception {
        Path counting = Counting.workspace(airlock, LAST);
        airlock.ok("workspace", "create", "counting", "--from", counting.toString());
        Airlock.Server first = airlock.worker();
        Run run = Run.push(airlock, "counting");
        run.awaitOutput("test");
        CompletableFuture<Answer> here = follow(Map.of(), run);
        CompletableFuture<Answer> elsewhere = follow(
                Map.of("AIRLOCK_KAFKA", dev.ready().at("/kafka/bootstrap").asText()),
                run,
                "--state",
                airlock.scratch("elsewhere").toString());
        first.kill();
        Airlock.Server second = airlock.worker();
        run.promote();
        second.stop();

        assertThat(run.attempts("test")).containsExactly("1:PASSED");
        Counting.assertOneWholeCount(run.log("test"), LAST);
        for (CompletableFuture<Answer> follower : List.of(here, elsewhere)) {
            Counting.assertOneWholeCount(
                    Run.text(follower.get(60, TimeUnit.SECONDS).expectExit(0)), LAST);
        }
        // Once it has ended the topic still tells it, from any byte on.
        Answer rest = airlock.run(
                Map.of("AIRLOCK_KAFKA", dev.ready().at("/kafka/bootstrap").asText()),
                "--state",
                airlock.scratch("elsewhere").toString(),
                "logs",
                run.id(),
                "--step",
                "test",
                "--offset",
                "23");
        assertThat(Run.text(rest.expectExit(0))).startsWith("1\n2\n").endsWith("\n" + LAST + "\n");
        run.assertPromotedOnce();
        assertNoSandboxes();
    }

    private static CompletableFuture<Answer> follow(Map<String, String> environment, Run run, String... options) {
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("logs", run.id(), "--step", "test", "-f"));
        return CompletableFuture.supplyAsync(() -> airlock.run(environment, words.toArray(String[]::new)));
    }

    private static void assertNoSandboxes() throws IOException {
        try (Stream<Path> left = Files.list(airlock.state.resolve("sandboxes"))) {
            assertThat(left).isEmpty();
        }
    }
}
