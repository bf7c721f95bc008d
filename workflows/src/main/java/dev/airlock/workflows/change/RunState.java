package dev.airlock.workflows.change;

/** Where a run stands. */
public enum RunState {
    RUNNING,
    WAITING_REVIEW,
    /** A step waits for something that happens elsewhere. */
    WAITING_EVENT,
    /** From the acknowledged intent on; nothing can be cancelled, retried or extended any more. */
    PROMOTING,
    /** A step could not find out; someone must retry or cancel. */
    NEEDS_ATTENTION,
    ENDED
}
