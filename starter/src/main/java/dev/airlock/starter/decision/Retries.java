package dev.airlock.starter.decision;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.push.Pusher;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StatusReader;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.RunId;
import java.util.List;
import java.util.UUID;

/** Retries: of an open run an update, of a closed one a new run. */
public final class Retries {
    private final StatusReader statuses;
    private final Decisions decisions;
    private final Pusher pusher;

    public Retries(StatusReader statuses, Decisions decisions, Pusher pusher) {
        this.statuses = statuses;
        this.decisions = decisions;
        this.pusher = pusher;
    }

    /** @param source name of the way in, for the new run's request */
    public Taken retry(RunId run, Retry retry, String source) {
        return switch (statuses.state(run)) {
            case ENDED -> anew(statuses.status(run), retry, source);
            case RUNNING, WAITING_REVIEW, WAITING_EVENT, PROMOTING, NEEDS_ATTENTION -> decisions.retry(run, retry);
        };
    }

    private Taken anew(RunStatus closed, Retry retry, String source) {
        if (closed.outcome() == Outcome.PROMOTED) {
            throw new AirlockException(
                    ErrorCode.ALREADY_DECIDED,
                    closed.run() + " was promoted; there is nothing to retry",
                    closed.run().value(),
                    "push another change");
        }
        String step = retry.step() == null ? failed(closed) : retry.step();
        PushRequest.Origin origin = new PushRequest.Origin(
                retry.by(), null, source, UUID.randomUUID().toString());
        Pushed pushed = pusher.fork(closed, origin, step);
        return new Taken(pushed.run(), pushed.state(), closed.run());
    }

    /** The last step that did not pass; the last one at all when the run was ended from outside. */
    private static String failed(RunStatus closed) {
        List<StepStatus> steps = closed.steps();
        return steps.reversed().stream()
                .filter(step -> step.verdict() != Verdict.PASSED && step.verdict() != Verdict.SKIPPED)
                .findFirst()
                .or(() -> steps.reversed().stream().findFirst())
                .map(StepStatus::id)
                .orElseThrow(() -> new AirlockException(
                        ErrorCode.NOT_FOUND,
                        closed.run() + " ended before its first step",
                        closed.run().value(),
                        "name one with --step"));
    }
}
