package dev.airlock.workflows.session;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.WorkerLoss;
import dev.airlock.workflows.session.SessionActivities.Lodging;
import dev.airlock.workflows.session.SessionActivities.OpenRequest;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Functions.Func1;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sends work to a sandbox's host, and sends it again after its worker died. */
final class SessionHost {
    private SessionHost() {}

    /** The host did not come back. */
    static final class Away extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean begun;

        private Away(String message, boolean begun) {
            super(message);
            this.begun = begun;
        }

        /** Whether a worker had the work before. */
        boolean begun() {
            return begun;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** @throws Unanswered when it is clear that there is none to be had now */
    static Held open(SessionRecord record, @Nullable Digest snapshot) {
        Lodging lodging = record.lodging(record.nextIncarnation());
        SandboxPlace place = null;
        for (int dispatch = 1; ; dispatch++) {
            String summary = lodging.at().label();
            SessionActivities stub = place == null
                    ? SessionOptions.anywhere(summary)
                    : SessionOptions.on(place.host(), Duration.ZERO, summary);
            try {
                return stub.open(new OpenRequest(lodging, snapshot));
            } catch (ActivityFailure failure) {
                if (place != null && WorkerLoss.stayedAway(failure)) {
                    // What is there is left to its sweep; no two hosts hold the same container.
                    lodging = record.lodging(record.nextIncarnation());
                    place = null;
                    continue;
                }
                if (WorkerLoss.stayedAway(failure)) {
                    throw new Unanswered(
                            SessionRefusal.UNAVAILABLE,
                            "no worker made the sandbox within " + SessionOptions.START_GRACE.toSeconds() + " s");
                }
                if (!WorkerLoss.died(failure) || dispatch == WorkerLoss.MOST_DISPATCHES) {
                    throw unanswered(failure);
                }
                SandboxPlace seen = WorkerLoss.lastPlace(failure);
                place = seen == null ? place : seen;
            } catch (CanceledFailure cancelled) {
                throw givenUp();
            }
        }
    }

    /**
     * Work in the container.
     *
     * @param work how long it may take by itself
     * @throws Unanswered when it failed, or was given up
     */
    static <T> T ask(SandboxPlace place, Duration work, String summary, Func1<SessionActivities, T> call) throws Away {
        for (int dispatch = 1; ; dispatch++) {
            try {
                return call.apply(SessionOptions.on(place.host(), work, summary));
            } catch (ActivityFailure failure) {
                if (WorkerLoss.stayedAway(failure)) {
                    throw new Away(
                            "host " + place.host() + " did not come back within "
                                    + SessionOptions.HOST_GRACE.toSeconds() + " s",
                            dispatch > 1);
                }
                if (!WorkerLoss.died(failure) || dispatch == WorkerLoss.MOST_DISPATCHES) {
                    throw unanswered(failure);
                }
            } catch (CanceledFailure cancelled) {
                throw givenUp();
            }
        }
    }

    /** Frees the host. What cannot be done now is done by the host's sweep, since the workflow names the container no more. */
    static void release(SandboxPlace place, Lodging lodging) {
        try {
            SessionOptions.release(place.host()).release(lodging);
        } catch (ActivityFailure | CanceledFailure e) {
            Workflow.getLogger(SessionHost.class)
                    .warn("{} on {} is left to its host's sweep", place.container(), place.host(), e);
        }
    }

    private static Unanswered unanswered(ActivityFailure failure) {
        if (failure.getCause() instanceof CanceledFailure) {
            return givenUp();
        }
        if (failure.getCause() instanceof ApplicationFailure known) {
            FailureType type = Arrays.stream(FailureType.values())
                    .filter(each -> each.name().equals(known.getType()))
                    .findFirst()
                    .orElse(FailureType.INTERNAL);
            return new Unanswered(SessionRefusal.of(type), known.getOriginalMessage());
        }
        return new Unanswered(SessionRefusal.UNAVAILABLE, "the sandbox's host did not end its work in time");
    }

    private static Unanswered givenUp() {
        return new Unanswered(SessionRefusal.ALREADY_DECIDED, "it was given up: killed, or its sandbox ended");
    }
}
