package dev.airlock.activities.sandbox;

import dev.airlock.platform.state.InstallationSecret;

/**
 * An installation.
 *
 * @param installation whose sandboxes an engine ends at their deadlines
 * @param secret the keys of their leases come from it, so that the next worker has them too
 */
public record EngineOwner(String installation, InstallationSecret secret) {}
