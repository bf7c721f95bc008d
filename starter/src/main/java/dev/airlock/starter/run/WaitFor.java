package dev.airlock.starter.run;

/** What can be waited for. */
public enum WaitFor {
    /** The run waits for a review; reached no more once it has ended. */
    REVIEW,
    /** The run has ended and its audit trail is whole. */
    END
}
