package dev.airlock.activities.sandbox;

import dev.airlock.activities.output.OutputPublisher;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workspace.git.Workspaces;
import java.nio.file.Path;

/**
 * Where a job's content comes from and goes to.
 *
 * @param output {@code DIR/output}: live output of commands
 * @param publisher passes it on to who watches
 */
public record SandboxStores(Workspaces workspaces, ArtifactStore artifacts, Path output, OutputPublisher publisher) {
    /** With output that stays here. */
    public SandboxStores(Workspaces workspaces, ArtifactStore artifacts, Path output) {
        this(workspaces, artifacts, output, OutputPublisher.NONE);
    }
}
