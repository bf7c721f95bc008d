package dev.airlock.activities.sandbox;

import dev.airlock.activities.egress.EgressGuard;
import dev.airlock.activities.egress.EgressSettings;
import dev.airlock.activities.output.OutputPublisher;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workspace.git.Workspaces;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a job's content comes from and goes to.
 *
 * @param output {@code DIR/output}: live output of commands
 * @param publisher passes it on to who watches
 * @param egress lets commands reach what they may
 */
public record SandboxStores(
        Workspaces workspaces, ArtifactStore artifacts, Path output, OutputPublisher publisher, EgressGuard egress) {
    /** With output that stays here, and no way out. */
    public SandboxStores(Workspaces workspaces, ArtifactStore artifacts, Path output) {
        this(workspaces, artifacts, output, OutputPublisher.NONE, new EgressGuard(EgressSettings.of(Map.of())));
    }
}
