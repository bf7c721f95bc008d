package dev.airlock.activities.sandbox;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workspace.git.Workspaces;
import java.nio.file.Path;

/**
 * Where a job's content comes from and goes to.
 *
 * @param output {@code DIR/output}: live output of commands
 */
public record SandboxStores(Workspaces workspaces, ArtifactStore artifacts, Path output) {}
