package dev.airlock.workflows.change;

/** How a run ended. */
public enum Outcome {
    /** The branch moved to a commit with exactly the approved tree. */
    PROMOTED,
    /** A person said no. */
    REJECTED,
    /** Findings, policy, base or tree said no. */
    REFUSED,
    /** The attempts were used up on red. */
    FAILED,
    EXPIRED,
    CANCELLED,
    /** Temporal terminated the run; closed on the audit trail afterwards. */
    ABANDONED
}
