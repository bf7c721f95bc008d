package dev.airlock.activities.sandbox;

import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Trying again at once does not help: the engine refuses, or must not be used. */
public final class SandboxException extends IOException {
    private final FailureType type;

    public SandboxException(FailureType type, String message) {
        this(type, message, null);
    }

    public SandboxException(FailureType type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    public FailureType type() {
        return type;
    }
}
