package dev.airlock.workflows.review;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** What a review needs of the world. Every method is idempotent and short: they run as local activities. */
@ActivityInterface(namePrefix = "Review_")
public interface ReviewActivities {

    /** Computes the patch id, stores the canonical document as an artifact and returns its digest. */
    SealResult seal(Evidence draft);

    /** Reads branch, checkpoint ref and every object the change brought, and compares them with the evidence. */
    CheckResult check(CheckRequest request);

    record SealResult(Digest evidence, String patch) {}

    /**
     * What to compare.
     *
     * @param checkpoint the step attempt whose ref holds the candidate
     */
    record CheckRequest(Evidence evidence, StepAttempt checkpoint) {}

    /**
     * What the comparison gave.
     *
     * @param detail what differs, for people; present unless {@link Fitness#FIT}
     */
    record CheckResult(Fitness fitness, @Nullable String detail) {}

    /** Whether what was validated and tested is still what would be promoted. */
    enum Fitness {
        FIT,
        BASE_MOVED,
        TREE_MISMATCH
    }
}
