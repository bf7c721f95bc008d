package dev.airlock.workflows.session;

/** How an interactive sandbox ended. */
public enum SessionOutcome {
    /** Somebody stopped it. */
    STOPPED,
    /** Its time was over. */
    EXPIRED,
    /** It could never be made. */
    FAILED,
    CANCELLED
}
