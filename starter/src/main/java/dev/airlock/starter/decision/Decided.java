package dev.airlock.starter.decision;

import dev.airlock.workflows.change.RunState;

/**
 * A decision that was taken.
 *
 * @param decision its id
 * @param state the run's state right after
 */
public record Decided(String decision, boolean accepted, RunState state) {}
