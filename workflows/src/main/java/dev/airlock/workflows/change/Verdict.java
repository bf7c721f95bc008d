package dev.airlock.workflows.change;

/** What a finished step attempt says. */
public enum Verdict {
    PASSED,
    RED,
    /** The infrastructure lost the attempt; it says nothing about the change. */
    LOST,
    SKIPPED
}
