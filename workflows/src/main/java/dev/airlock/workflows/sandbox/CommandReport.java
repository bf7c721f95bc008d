package dev.airlock.workflows.sandbox;

import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * How a command in a sandbox ended.
 *
 * @param exitCode what {@code waitpid} gave for the command itself; 128 + signal when a signal ended it; absent when a
 *     limit did or no verdict was had
 * @param limit absent unless a limit ended it
 * @param report digest of the artifact that holds its whole kept output, stdout and stderr as one stream
 * @param artifacts digest of the artifact that lists the collected files (path, size, digest), absent when none were
 *     asked for
 * @param image digest of the image it ran in
 * @param egress what it asked for on the network; absent when it had none
 */
public record CommandReport(
        @Nullable Integer exitCode,
        @Nullable Limit limit,
        @Nullable Digest report,
        @Nullable Digest artifacts,
        String image,
        EngineIdentity engine,
        @Nullable EgressSummary egress) {

    /** Of a command without a network. */
    public CommandReport(
            @Nullable Integer exitCode,
            @Nullable Limit limit,
            @Nullable Digest report,
            @Nullable Digest artifacts,
            String image,
            EngineIdentity engine) {
        this(exitCode, limit, report, artifacts, image, engine, null);
    }

    /** Exit code 0 and no limit: the only green there is. */
    public boolean passed() {
        return exitCode != null && exitCode == 0 && limit == null;
    }
}
