package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A worker removes what a run leaves that Temporal ended without asking anybody. */
class SweptHostIT {
    private static final Duration AT_MOST = Duration.ofSeconds(60);

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
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
    }

    @Test
    void aTerminatedRunLeavesNoSandbox() throws Exception {
        Airlock.Server worker = airlock.worker();
        terminate(runWithSandbox());
        long since = System.nanoTime();

        Airlock.await(() -> Containers.of(airlock).isEmpty(), "the terminated run's sandbox stays");

        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(AT_MOST);
        worker.stop();
    }

    @Test
    void theNextWorkerRemovesWhatWasTerminatedMeanwhile() throws Exception {
        Airlock.Server first = airlock.worker();
        String run = runWithSandbox();
        first.kill();
        terminate(run);

        Airlock.Server second = airlock.worker();
        Airlock.await(() -> Containers.of(airlock).isEmpty(), "the terminated run's sandbox stays");
        second.stop();
    }

    private static String runWithSandbox() {
        Run run = Run.push(airlock, "counting");
        run.awaitOutput("generate");
        assertThat(Containers.of(airlock)).hasSize(1);
        return run.id();
    }

    private static void terminate(String run) {
        Endpoints endpoints = Endpoints.read(new StateDirectory(airlock.state));
        try (TemporalClients temporal =
                TemporalClients.connect(endpoints.temporal().target())) {
            temporal.client().newUntypedWorkflowStub(run).terminate("out of the way");
        }
    }
}
