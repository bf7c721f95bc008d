package dev.airlock.system;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that dies between any two of its acts loses, repeats and skips nothing. */
class FailpointsIT {
    private static Airlock airlock;

    @BeforeAll
    static void start() throws IOException {
        airlock = new Airlock();
        airlock.dev("--no-worker");
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
    @ValueSource(
            strings = {
                "sandbox.created",
                "sandbox.leased",
                "sandbox.started",
                "output.sent",
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
        Run run = Run.push(airlock, "quick");
        doomed.awaitDeath();

        Airlock.Server next = airlock.worker();
        run.promote();
        next.stop();

        run.assertPromotedOnce();
        Counting.assertOneWholeCount(run.log("test"), 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"promote.prepared", "promote.before-move", "promote.moved"})
    void promotesOnceAfterDyingWhilePromoting(String failpoint) {
        Airlock.Server worker = airlock.worker();
        Run run = Run.push(airlock, "quick");
        run.awaitReview();
        // While it waits for a person, too.
        worker.kill();
        Airlock.Server doomed = airlock.workerWithFailpoint(failpoint);
        // Its worker may die before it answers.
        airlock.run("approve", run.id(), "--as", "user:rita", "--evidence", run.evidence());
        doomed.awaitDeath();

        Airlock.Server next = airlock.worker();
        run.awaitPromotion();
        next.stop();

        run.assertPromotedOnce();
    }
}
