package dev.airlock.activities.sandbox;

import dev.airlock.workflows.failure.FailureType;
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

    /**
     * This sandbox as it was found: its image and its deadline are those that it was made with.
     *
     * @param from digest of the job that it was made from
     * @param mend how a person looks at it and ends it
     * @throws SandboxException {@code CONFLICT} if it was made from another job
     */
    SandboxSpec asMade(String from, String madeWith, Instant until, String mend) throws SandboxException {
        if (!from.equals(lease.spec().value())) {
            throw new SandboxException(
                    FailureType.CONFLICT,
                    "the sandbox " + name + " was made from another job (" + from + ", not " + lease.spec() + "); "
                            + mend);
        }
        return new SandboxSpec(name, owner, madeWith, limits, new Lease(lease.token(), lease.spec(), until));
    }
}
