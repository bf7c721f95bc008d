package dev.airlock.cli.demo;

import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the demo ended, for programs. The flat shape is CONTRACT §8's.
 *
 * @param promoted the new commit
 * @param attempts how often the tests ran
 * @param killed absent unless a worker was to be killed
 * @param seconds from the first moment to the last
 */
record Told(
        boolean ok,
        RunId run,
        @Nullable Outcome outcome,
        @Nullable CommitId promoted,
        int attempts,
        Audit audit,
        @Nullable Killed killed,
        double seconds) {

    /** The same, with the time that all of it took. */
    Told after(Duration time) {
        return new Told(ok, run, outcome, promoted, attempts, audit, killed, time.toMillis() / 1000.0);
    }

    record Audit(boolean ok, long events) {}

    /**
     * What became of the log of a command whose worker was killed.
     *
     * @param offset its length when the worker was killed
     * @param starts how often the command started: once, as its nonce tells
     * @param seconds from the kill until the log went on
     * @param whole whether every line is there, once and in order
     */
    record Killed(long offset, int starts, double seconds, boolean whole) {
        boolean ok() {
            return whole && starts == 1;
        }
    }
}
