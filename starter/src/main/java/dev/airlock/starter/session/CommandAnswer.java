package dev.airlock.starter.session;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.session.Restored;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param command its number in this sandbox
 * @param exitCode absent when a limit ended it
 * @param limit absent unless one did
 * @param output artifact that holds its output, stdout and stderr as one stream; absent when the sandbox died without a word
 * @param bytes of it
 * @param truncated whether it wrote more than was kept
 * @param restored set when a new container stands behind the sandbox since the call before
 */
public record CommandAnswer(
        SandboxId sandbox,
        long command,
        @Nullable Integer exitCode,
        @Nullable Limit limit,
        @Nullable Digest output,
        long bytes,
        boolean truncated,
        @Nullable Restored restored) {

    /** Exit code 0 and no limit. */
    public boolean passed() {
        return exitCode != null && exitCode == 0 && limit == null;
    }
}
