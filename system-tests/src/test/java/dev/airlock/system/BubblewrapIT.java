package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    void goesOnReadingTheOutputOfACommandWhoseWorkerWasKilled() throws IOException {
        Path counting = Counting.workspace(airlock, LAST);
        airlock.ok("workspace", "create", "counting", "--from", counting.toString());
        Airlock.Server first = airlock.worker();
        Run run = Run.push(airlock, "counting");
        run.awaitOutput("test");
        first.kill();
        Airlock.Server second = airlock.worker();
        run.promote();
        second.stop();

        assertThat(run.attempts("test")).containsExactly("1:PASSED");
        Counting.assertOneWholeCount(run.log("test"), LAST);
        run.assertPromotedOnce();
        assertNoSandboxes();
    }

    private static void assertNoSandboxes() throws IOException {
        try (Stream<Path> left = Files.list(airlock.state.resolve("sandboxes"))) {
            assertThat(left).isEmpty();
        }
    }
}
