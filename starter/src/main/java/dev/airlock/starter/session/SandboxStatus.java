package dev.airlock.starter.session;

import dev.airlock.starter.temporal.SandboxCalls.Listed;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.session.Held;
import dev.airlock.workflows.session.SessionMemo;
import dev.airlock.workflows.session.SessionView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An interactive sandbox as programs see it.
 *
 * @param state STARTING, READY, BUSY, SNAPSHOT or ENDED; a list shows READY for BUSY
 * @param expires when it ends unless it is extended; absent before a worker has seen it
 * @param engine what isolates it, absent while nothing does
 * @param author absent where only the sandbox itself was asked
 * @param outcome how it ended, absent while it is open
 */
public record SandboxStatus(
        SandboxId sandbox,
        String state,
        @Nullable Instant expires,
        @Nullable EngineIdentity engine,
        @Nullable String author,
        @Nullable Instant started,
        @Nullable String outcome) {

    static SandboxStatus of(SandboxId sandbox, SessionView view) {
        Held held = view.held();
        return new SandboxStatus(
                sandbox,
                view.state().name(),
                view.expires(),
                held == null ? null : held.engine(),
                null,
                null,
                view.outcome() == null ? null : view.outcome().name());
    }

    static SandboxStatus of(Listed listed) {
        SessionMemo memo = listed.memo();
        return new SandboxStatus(
                listed.sandbox(),
                state(listed),
                memo == null ? null : memo.expires(),
                memo == null ? null : memo.engine(),
                listed.author(),
                listed.started(),
                listed.open() ? null : listed.outcome() == null ? "ABANDONED" : listed.outcome());
    }

    /** What Temporal ended from outside never said so. */
    private static String state(Listed listed) {
        if (!listed.open()) {
            return "ENDED";
        }
        return listed.state() == null ? "STARTING" : listed.state();
    }
}
