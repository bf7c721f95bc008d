package dev.airlock.activities.sandbox;

import java.io.IOException;

/** The sandbox has ended without saying how its command ended. */
public final class SandboxGone extends IOException {
    private final Death death;

    public SandboxGone(Death death, String detail) {
        super(detail);
        this.death = death;
    }

    public Death death() {
        return death;
    }

    /** Whose doing it was, as far as the engine can tell. */
    public enum Death {
        /** The engine says that it ran out of memory: the workload's doing, a verdict. */
        OUT_OF_MEMORY,
        /** It ended although daemon and host were well: perhaps the workload's doing. */
        DIED,
        /** Daemon, host or a person ended it: says nothing about the workload. */
        LOST
    }
}
