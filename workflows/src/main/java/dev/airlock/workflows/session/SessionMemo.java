package dev.airlock.workflows.session;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a list shows of an interactive sandbox, and its host's sweep asks for, without asking a worker.
 *
 * @param engine that isolates it, or did last
 * @param container absent while there is none
 */
public record SessionMemo(
        Instant expires,
        @Nullable EngineIdentity engine,
        @Nullable String container) {
    /** The memo's key. */
    public static final String KEY = "airlock.sandbox";
}
