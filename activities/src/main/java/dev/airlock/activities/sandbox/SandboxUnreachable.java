package dev.airlock.activities.sandbox;

import java.io.IOException;

/** The engine, or the channel to a sandbox that lives, does not answer now. Open the sandbox again and go on. */
public final class SandboxUnreachable extends IOException {
    private final boolean outage;

    private SandboxUnreachable(String message, Throwable cause, boolean outage) {
        super(message, cause);
        this.outage = outage;
    }

    /** The sandbox alone is silent. */
    public static SandboxUnreachable silent(String message, Throwable cause) {
        return new SandboxUnreachable(message, cause, false);
    }

    /** The whole engine is not there. */
    public static SandboxUnreachable outage(String message, Throwable cause) {
        return new SandboxUnreachable(message, cause, true);
    }

    /** Whether the engine itself is away; what its sandboxes die of meanwhile is its doing. */
    public boolean isOutage() {
        return outage;
    }
}
