package dev.airlock.starter.run;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a run to get somewhere. An outage of Temporal on the way is sat out for a while; a run that is not known, or a
 * server that is down from the start, is said at once.
 */
public final class Waiter {
    private static final Duration SLICE = Duration.ofSeconds(20);
    private static final Duration OUTAGE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

    private final TemporalRuns runs;
    private final StatusReader statuses;

    public Waiter(TemporalRuns runs, StatusReader statuses) {
        this.runs = runs;
        this.statuses = statuses;
    }

    /**
     * @param timeout absent means as long as it takes
     * @throws AirlockException {@code TIMEOUT}, {@code NOT_FOUND}, {@code UNAVAILABLE}
     */
    public Waited await(RunId run, WaitFor what, @Nullable Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        statuses.state(run);
        boolean there = switch (what) {
            case END -> awaitEnd(run, deadline);
            case REVIEW -> awaitReview(run, deadline);
        };
        if (!there) {
            throw late(run, what, timeout);
        }
        RunStatus status = statuses.status(run);
        // Whoever decides faster than we read does not undo that the review was reached.
        boolean reached = what == WaitFor.END ? status.outcome() == Outcome.PROMOTED : status.outcome() == null;
        return new Waited(status, reached);
    }

    private boolean awaitEnd(RunId run, Deadline deadline) {
        return until(deadline, () -> {
            Duration slice = deadline.left().compareTo(SLICE) < 0 ? deadline.left() : SLICE;
            return runs.awaitClose(run, slice);
        });
    }

    private boolean awaitReview(RunId run, Deadline deadline) {
        return until(deadline, () -> switch (statuses.state(run)) {
            case ENDED -> true;
            // The attribute is written with the next state, so a review that was just decided still shows; a worker
            // that
            // is up knows better.
            case WAITING_REVIEW ->
                runs.query(run)
                        .map(view -> view.state() == RunState.WAITING_REVIEW)
                        .orElse(true);
            case RUNNING, WAITING_EVENT, PROMOTING, NEEDS_ATTENTION -> false;
        });
    }

    /** Asks until the answer is yes, at growing intervals, and lets a short outage pass. */
    private static boolean until(Deadline deadline, BooleanSupplier question) {
        Duration pause = SHORTEST_PAUSE;
        Deadline outage = null;
        while (true) {
            try {
                if (question.getAsBoolean()) {
                    return true;
                }
                outage = null;
            } catch (AirlockException e) {
                outage = outage == null ? Deadline.in(OUTAGE) : outage;
                if (e.code() != ErrorCode.UNAVAILABLE || outage.over()) {
                    throw e;
                }
            }
            if (deadline.over()) {
                return false;
            }
            LockSupport.parkNanos(
                    pause.compareTo(deadline.left()) < 0
                            ? pause.toNanos()
                            : deadline.left().toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private AirlockException late(RunId run, WaitFor what, @Nullable Duration timeout) {
        RunStatus status = statuses.status(run);
        String reason = status.reason() == null ? "" : " (" + status.reason() + ")";
        String goal = what == WaitFor.END ? "did not end" : "did not come to a review";
        String hint = status.state() == RunState.NEEDS_ATTENTION
                ? "mend it, then `airlock retry " + run + "` or `airlock cancel " + run + "`"
                : status.worker() ? "wait longer with --timeout" : "no worker answers: start `airlock worker`";
        String message = run + " " + goal + " within " + (timeout == null ? "the time" : Durations.text(timeout))
                + "; its state is " + status.state() + reason;
        return new AirlockException(ErrorCode.TIMEOUT, message, run.value(), hint);
    }
}
