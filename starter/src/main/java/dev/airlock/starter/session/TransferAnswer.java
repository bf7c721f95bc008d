package dev.airlock.starter.session;

import dev.airlock.evidence.files.FileManifest;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.session.Restored;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transfer moved.
 *
 * @param refused entries that were left out, and why; bounded
 * @param restored set when a new container stands behind the sandbox since the call before
 */
public record TransferAnswer(
        SandboxId sandbox,
        long files,
        long bytes,
        List<FileManifest.Refused> refused,
        @Nullable Restored restored) {
    public TransferAnswer {
        refused = List.copyOf(refused);
    }
}
