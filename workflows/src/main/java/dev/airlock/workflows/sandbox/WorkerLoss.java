package dev.airlock.workflows.sandbox;

import dev.airlock.workflows.failure.FailureType;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;
import org.jspecify.annotations.Nullable;

/** What the failure of an activity that works on a sandbox says about its worker. */
public final class WorkerLoss {
    /** A worker that dies this often over one job is not bad luck. */
    public static final int MOST_DISPATCHES = 20;

    private WorkerLoss() {}

    /** It died or left in the middle; the sandbox goes on and is found again on its host. */
    public static boolean died(ActivityFailure failure) {
        return timedOut(failure, TimeoutType.TIMEOUT_TYPE_HEARTBEAT) || detached(failure) != null;
    }

    /** Nobody took the activity from the host's queue in time. */
    public static boolean stayedAway(ActivityFailure failure) {
        return timedOut(failure, TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START);
    }

    /** Where the sandbox is, by the worker's last word. */
    public static @Nullable SandboxPlace lastPlace(ActivityFailure failure) {
        if (failure.getCause() instanceof TimeoutFailure timeout
                && timeout.getLastHeartbeatDetails().getSize() > 0) {
            return timeout.getLastHeartbeatDetails().get(SandboxPlace.class);
        }
        ApplicationFailure detached = detached(failure);
        return detached != null && detached.getDetails().getSize() > 0
                ? detached.getDetails().get(SandboxPlace.class)
                : null;
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
}
