package dev.airlock.starter.push;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workspace.git.Workspaces;

/** Where content is kept: source in git, all else as artifacts. */
public record Store(Workspaces workspaces, ArtifactStore artifacts) {}
