package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.SandboxGone.Death;
import dev.airlock.activities.sandbox.init.NoAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Why a sandbox of bubblewrap ended without a verdict, by what the host counted and by what bubblewrap saw of its end. */
final class BubblewrapDeaths {
    private static final Duration SETTLE = Duration.ofMillis(1500);
    private static final Duration STEP = Duration.ofMillis(50);
    /** sandbox-init's own: released, asked wrongly, could not start, deadline passed, never leased. */
    private static final Set<Integer> OURS = Set.of(0, 2, 3, 70, 71);

    private final BubblewrapDirectory sandboxes;

    BubblewrapDeaths(BubblewrapDirectory sandboxes) {
        this.sandboxes = sandboxes;
    }

    /** Says whether silence means death; the end of a process may need a moment to show. */
    IOException explain(String name, NoAnswer silence) throws IOException {
        for (Duration waited = Duration.ZERO; waited.compareTo(SETTLE) < 0; waited = waited.plus(STEP)) {
            Optional<BubblewrapRecord> found = sandboxes.find(name);
            if (found.isEmpty()) {
                return removed(name);
            }
            if (!found.get().isAlive()) {
                return of(found.get());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return SandboxUnreachable.silent("process 1 of " + name + " does not answer: " + silence.getMessage(), silence);
    }

    SandboxGone of(BubblewrapRecord sandbox) throws IOException {
        String name = sandbox.name();
        if (Cgroups.ranOutOfMemory(sandbox.made().cgroups())) {
            return new SandboxGone(Death.OUT_OF_MEMORY, name + " ran out of memory");
        }
        if (sandboxes.isBeingRemoved(name)) {
            return removed(name);
        }
        OptionalInt code = awaitExitCode(name);
        if (code.isEmpty()) {
            // A restart of the host, or whoever also ended the bubblewrap process outside, where no workload reaches.
            return new SandboxGone(Death.LOST, name + " ended and nobody saw how");
        }
        String errors = sandboxes.errors(name);
        String detail = name + " ended with exit code " + code.getAsInt() + " and no verdict"
                + (errors.isEmpty() ? "" : ": " + errors);
        return new SandboxGone(OURS.contains(code.getAsInt()) ? Death.LOST : Death.DIED, detail);
    }

    private static SandboxGone removed(String name) {
        return new SandboxGone(Death.LOST, name + " was removed by somebody else");
    }

    private OptionalInt awaitExitCode(String name) throws IOException {
        OptionalInt code = sandboxes.exitCode(name);
        for (Duration waited = Duration.ZERO;
                code.isEmpty() && waited.compareTo(SETTLE) < 0;
                waited = waited.plus(STEP)) {
            LockSupport.parkNanos(STEP.toNanos());
            code = sandboxes.exitCode(name);
        }
        return code;
    }
}
