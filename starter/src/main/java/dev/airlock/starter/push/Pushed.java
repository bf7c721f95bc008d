package dev.airlock.starter.push;

import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;

/**
 * What became of a push.
 *
 * @param created whether this push started the run; otherwise an earlier one with the same request id did
 * @param base the branch's tip that the change is on
 */
public record Pushed(RunId run, boolean created, CommitId base, RunState state, String requestId) {}
