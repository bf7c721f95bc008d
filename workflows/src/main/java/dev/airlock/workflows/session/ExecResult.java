package dev.airlock.workflows.session;

import org.jspecify.annotations.Nullable;

/**
 * What became of a command: an end, or why there is none.
 *
 * @param command its number; 0 when it was never asked for
 * @param restored set when a new container was made for it
 */
public record ExecResult(
        long command,
        @Nullable CommandEnd end,
        @Nullable Refused refused,
        @Nullable Restored restored) {}
