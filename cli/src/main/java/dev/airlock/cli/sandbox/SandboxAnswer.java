package dev.airlock.cli.sandbox;

import dev.airlock.starter.session.SandboxStatus;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A sandbox, as programs get it. */
record SandboxAnswer(
        String sandbox,
        String state,
        @Nullable Instant expires,
        @Nullable EngineIdentity engine,
        @Nullable String outcome) {
    static SandboxAnswer of(SandboxStatus status) {
        return new SandboxAnswer(
                status.sandbox().value(), status.state(), status.expires(), status.engine(), status.outcome());
    }
}
