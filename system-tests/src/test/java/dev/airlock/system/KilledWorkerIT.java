package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that runs while its worker dies runs once, and the next worker goes on where its output stopped. */
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
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "test"})
    void goesOnReadingTheOutputOfACommandThatRanOn(String step) throws IOException {
        Airlock.Server first = airlock.worker();
        Run run = Run.push(airlock, "counting");
        run.awaitOutput(step);

        first.kill();
        try (Containers.Starts starts = Containers.watch(airlock)) {
            Airlock.Server second = airlock.worker();
            run.promote();
            second.stop();
            assertThat(starts.of(run.id(), step)).isZero();
        }

        assertThat(run.attempts(step)).containsExactly("1:PASSED");
        Counting.assertOneWholeCount(run.log(step), Counting.LAST);
        run.assertPromotedOnce();
    }

    @Test
    void detachesInOrderWithoutEndingTheCommand() {
        Airlock.Server first = airlock.worker();
        Run run = Run.push(airlock, "counting");
        run.awaitOutput("test");
        first.stop();

        Airlock.Server second = airlock.worker();
        run.promote();
        second.stop();

        Counting.assertOneWholeCount(run.log("test"), Counting.LAST);
        run.assertPromotedOnce();
    }
}
