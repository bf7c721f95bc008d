package dev.airlock.workflows.change;

import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.sandbox.WorkerLoss;
import io.temporal.failure.ActivityFailure;
import org.jspecify.annotations.Nullable;

/**
 * Sends a sandbox job, and sends it again after its worker died: to the host that has the sandbox, where the next worker
 * adopts it. The job's identity stays the same all the while, so its command runs once.
 */
final class SandboxDispatch {
    private SandboxDispatch() {}

    /** @throws ActivityFailure if the job could not find out, was cancelled, or killed its worker too often */
    static SandboxResult run(SandboxJob job) {
        SandboxPlace place = null;
        for (int dispatch = 1; ; dispatch++) {
            try {
                return stub(place, job.at().label()).run(job);
            } catch (ActivityFailure failure) {
                if (place != null && WorkerLoss.stayedAway(failure)) {
                    return new SandboxResult.Lost("host " + place.host() + " did not come back within "
                            + StepOptions.HOST_GRACE.toSeconds() + " s");
                }
                if (!WorkerLoss.died(failure) || dispatch == WorkerLoss.MOST_DISPATCHES) {
                    throw failure;
                }
                SandboxPlace seen = WorkerLoss.lastPlace(failure);
                place = seen == null ? place : seen;
            }
        }
    }

    private static SandboxActivities stub(@Nullable SandboxPlace place, String summary) {
        return place == null ? StepOptions.sandbox(summary) : StepOptions.sandboxOn(place.host(), summary);
    }
}
