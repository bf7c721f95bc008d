package dev.airlock.evidence.artifact;

import dev.airlock.workflows.id.Digest;
import java.io.IOException;

/** An artifact's bytes are not those that were put. Reading again does not help. */
public final class TamperedArtifactException extends IOException {
    private final Digest digest;

    TamperedArtifactException(Digest digest, String found) {
        super("artifact " + digest + " was altered after it was kept: its bytes now hash to " + found
                + "; restore it from a backup, or run the step again");
        this.digest = digest;
    }

    /** The artifact that was asked for. */
    public Digest digest() {
        return digest;
    }
}
