package dev.airlock.workflows.change;

/** Where a step attempt stands. */
public enum StepState {
    PENDING,
    RUNNING,
    WAITING,
    DONE,
    NEEDS_ATTENTION
}
