package dev.airlock.workflows.change;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.SandboxResult;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;
import org.jspecify.annotations.Nullable;

/**
 * Sends a sandbox job, and sends it again after its worker died: to the host that has the sandbox, where the next worker
 * adopts it. The job's identity stays the same all the while, so its command runs once.
 */
final class SandboxDispatch {
    /** A worker that dies this often over one job is not bad luck. */
    private static final int MOST_DISPATCHES = 20;

    private SandboxDispatch() {}

    /** @throws ActivityFailure if the job could not find out, was cancelled, or killed its worker too often */
    static SandboxResult run(SandboxJob job) {
        SandboxPlace place = null;
        for (int dispatch = 1; ; dispatch++) {
            try {
                return stub(place, job.at().label()).run(job);
            } catch (ActivityFailure failure) {
                if (place != null && timedOut(failure, TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START)) {
                    return new SandboxResult.Lost("host " + place.host() + " did not come back within "
                            + StepOptions.HOST_GRACE.toSeconds() + " s");
                }
                boolean workerGone = timedOut(failure, TimeoutType.TIMEOUT_TYPE_HEARTBEAT) || detached(failure) != null;
                if (!workerGone || dispatch == MOST_DISPATCHES) {
                    throw failure;
                }
                SandboxPlace seen = lastPlace(failure);
                place = seen == null ? place : seen;
            }
        }
    }

    private static SandboxActivities stub(@Nullable SandboxPlace place, String summary) {
        return place == null ? StepOptions.sandbox(summary) : StepOptions.sandboxOn(place.host(), summary);
    }

    private static boolean timedOut(ActivityFailure failure, TimeoutType type) {
        return failure.getCause() instanceof TimeoutFailure timeout && timeout.getTimeoutType() == type;
    }

    private static @Nullable ApplicationFailure detached(ActivityFailure failure) {
        return failure.getCause() instanceof ApplicationFailure application
                        && application.getType().equals(FailureType.DETACHED.name())
                ? application
                : null;
    }

    private static @Nullable SandboxPlace lastPlace(ActivityFailure failure) {
        if (failure.getCause() instanceof TimeoutFailure timeout
                && timeout.getLastHeartbeatDetails().getSize() > 0) {
            return timeout.getLastHeartbeatDetails().get(SandboxPlace.class);
        }
        ApplicationFailure detached = detached(failure);
        return detached != null && detached.getDetails().getSize() > 0
                ? detached.getDetails().get(SandboxPlace.class)
                : null;
    }
}
