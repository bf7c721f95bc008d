package dev.airlock.workflows.validate;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.StepUse;
import io.temporal.activity.ActivityInterface;

/** Looks at a candidate without running it. */
@ActivityInterface(namePrefix = "Validate_")
public interface ValidateActivities {

    /** Reads base and candidate only; the same input gives the same findings. */
    ValidateResult check(ValidateRequest request);

    record ValidateRequest(
            StepAttempt at, String workspace, CommitId base, CommitId candidate, StepUse.Validate checks) {}

    /**
     * What was found.
     *
     * @param findings digest of the artifact that lists every finding as a JSON array
     * @param blocking how many of them stop the change
     */
    record ValidateResult(Digest findings, int blocking, int warnings) {}
}
