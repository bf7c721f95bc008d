package dev.airlock.workflows.sandbox;

import io.temporal.activity.ActivityInterface;

/** Runs a command in a single-use sandbox. */
@ActivityInterface(namePrefix = "Sandbox_")
public interface SandboxActivities {

    /**
     * Creates the sandbox of the job's step attempt or finds it again, runs the job's command in it once, keeps its output
     * and product, and removes it, in this order: result durable, released, removed.
     *
     * <p>Has one Temporal attempt. Its first heartbeat, sent before the lease, carries a {@link SandboxPlace}; a failure
     * of type {@link dev.airlock.workflows.failure.FailureType#DETACHED} carries the same. Whoever sends the same job
     * again, to that host, gets the same command's result.
     */
    SandboxResult run(SandboxJob job);
}
