package dev.airlock.workflows.change;

import org.jspecify.annotations.Nullable;

/**
 * What the loop made of a decision.
 *
 * @param decision the decision's id
 * @param state the run's state right after
 * @param code why not, absent when accepted
 */
public record DecisionResult(
        String decision,
        boolean accepted,
        RunState state,
        @Nullable RefusalCode code,
        @Nullable String message) {}
