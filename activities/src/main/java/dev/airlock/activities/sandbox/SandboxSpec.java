package dev.airlock.activities.sandbox;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import java.time.Instant;

/**
 * A sandbox to make, or to find again.
 *
 * @param name it is found again by this
 * @param image what the engine resolved an image's name to; the one that it was made with counts when it is found again
 */
public record SandboxSpec(String name, Owner owner, String image, CommandSpec.Limits limits, Lease lease) {

    /** Whose it is. */
    public record Owner(String installation, StepAttempt at) {}

    /**
     * What init is asked to accept once.
     *
     * @param spec digest of all that went into making it; one that was made from something else is not adopted
     * @param deadline absolute; the one that it was made with counts when it is found again
     */
    public record Lease(String token, Digest spec, Instant deadline) {}
}
