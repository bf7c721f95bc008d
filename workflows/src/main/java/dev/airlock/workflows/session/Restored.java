package dev.airlock.workflows.session;

import org.jspecify.annotations.Nullable;

/**
 * A new container stands behind the sandbox since the last call. What is not in the snapshot, and all outside the workspace,
 * is gone.
 *
 * @param snapshot absent when there was none: then the workspace is empty
 */
public record Restored(
        int incarnation, Reason reason, @Nullable Snapshot snapshot) {

    public enum Reason {
        /** Nobody called for so long that its host was freed. */
        IDLE,
        /** Its host, its engine or its own workload ended it. */
        LOST
    }
}
