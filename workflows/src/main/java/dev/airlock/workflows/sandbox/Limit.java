package dev.airlock.workflows.sandbox;

/** The limit that ended a command. Always red. */
public enum Limit {
    TIMEOUT,
    MEMORY,
    DISK,
    PIDS,
    OUTPUT,
    /** The same tree ended its sandbox twice while daemon and host were well. */
    SANDBOX_DIED
}
