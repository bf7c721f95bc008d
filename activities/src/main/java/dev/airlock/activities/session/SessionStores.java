package dev.airlock.activities.session;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.state.InstallationSecret;
import java.nio.file.Path;

/**
 * Where an interactive sandbox's files and output go.
 *
 * @param output {@code DIR/output}: output of commands while they run
 * @param secret opens what callers sealed
 */
public record SessionStores(ArtifactStore artifacts, Path output, InstallationSecret secret) {}
