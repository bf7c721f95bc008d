package dev.airlock.activities.sandbox.init;

/** Where files go. */
public enum Root {
    WORKSPACE(0),
    /** What {@code AIRLOCK_INPUT} names; outside the tree, never collected. */
    INPUT(1);

    private final int number;

    Root(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
