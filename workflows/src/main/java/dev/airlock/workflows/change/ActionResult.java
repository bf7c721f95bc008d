package dev.airlock.workflows.change;

import org.jspecify.annotations.Nullable;

/**
 * What the loop made of a retry, cancel or extend.
 *
 * @param state the run's state right after
 * @param code why not, absent when accepted
 */
public record ActionResult(
        boolean accepted,
        RunState state,
        @Nullable RefusalCode code,
        @Nullable String message) {}
