package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.platform.state.InstallationSecret;

/** The key that an installation signs its checkpoints with. */
public final class CheckpointKeys {
    private CheckpointKeys() {}

    /** Derived from the installation's secret: every process of it has the same, and no file holds it. */
    public static SigningKey of(String installation, InstallationSecret secret) {
        return SigningKey.of("airlock/" + installation, secret.derive("audit checkpoints"));
    }
}
