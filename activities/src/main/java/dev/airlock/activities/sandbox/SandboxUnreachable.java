package dev.airlock.activities.sandbox;

import java.io.IOException;

/** The engine, or the channel to a sandbox that lives, does not answer now. Open the sandbox again and go on. */
public final class SandboxUnreachable extends IOException {
    public SandboxUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
