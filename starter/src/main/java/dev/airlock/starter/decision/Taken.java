package dev.airlock.starter.decision;

import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.RunId;
import org.jspecify.annotations.Nullable;

/**
 * An action that a run took.
 *
 * @param run the run that it led to: for the retry of a closed run, the new one
 * @param state that run's state right after
 * @param forkOf the closed run that was retried
 */
public record Taken(RunId run, RunState state, @Nullable RunId forkOf) {}
