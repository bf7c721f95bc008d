package dev.airlock.workflows.session;

/** Where an interactive sandbox stands. */
public enum SessionState {
    STARTING,
    READY,
    /** A command or a transfer is on its way. Lists show READY meanwhile. */
    BUSY,
    /** Its files are kept and its host is free; the next call brings it back. */
    SNAPSHOT,
    ENDED
}
