package dev.airlock.workflows.session;

import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What became of a transfer.
 *
 * @param done what went in or out
 * @param refused set when nothing was done
 * @param restored set when a new container was made for it
 */
public record TransferResult(
        @Nullable Transferred done,
        @Nullable Refused refused,
        @Nullable Restored restored) {

    /**
     * Files that went in or out.
     *
     * @param manifest artifact that lists them, and the refused ones
     * @param refused how many were
     */
    public record Transferred(Digest manifest, long files, long bytes, long refused) {}
}
