package dev.airlock.workflows.change;

import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The run's one way to wait: for work or for a message, while what else arrives is answered. Update handlers put messages
 * in, the loop takes them out; nothing else decides.
 */
final class Attendant {
    private final Deque<Message> inbox = new ArrayDeque<>();
    private final RunRecord record;
    private final ReviewDesk desk;
    private final Duration runDeadline;
    private final Promise<Void> expiry;
    private boolean pastNoReturn;

    Attendant(RunRecord record, ReviewDesk desk, Duration runDeadline) {
        this.record = record;
        this.desk = desk;
        this.runDeadline = runDeadline;
        this.expiry = Workflow.newTimer(runDeadline);
    }

    void deliver(Message message) {
        inbox.add(message);
    }

    /** From here on nobody can cancel; what already waits is refused. */
    void passNoReturn() {
        pastNoReturn = true;
        refuseAll("the run is promoting");
    }

    /**
     * Waits for the work.
     *
     * @throws RunOver if the run was cancelled or expired meanwhile; the work has been cancelled and has ended by then
     */
    <T> T attend(Functions.Func<T> work) {
        CompletablePromise<T> result = Workflow.newPromise();
        CancellationScope scope = Workflow.newCancellationScope(() -> result.completeFrom(Async.function(work)));
        scope.run();
        while (true) {
            Workflow.await(() -> result.isCompleted() || !inbox.isEmpty() || expired());
            if (result.isCompleted()) {
                return result.get();
            }
            Ending over = answerWhileBusy();
            if (over != null) {
                scope.cancel(over.reason());
                result.getFailure();
                throw new RunOver(over);
            }
        }
    }

    /**
     * Waits for the next message.
     *
     * @return null when the time has come first
     * @throws RunOver if the run expired
     */
    @Nullable
    Message next(Instant until) {
        return next(until, () -> false);
    }

    /**
     * Waits for the next message, or for something else.
     *
     * @return null when the time or the other thing has come first
     * @throws RunOver if the run expired
     */
    @Nullable
    Message next(Instant until, BooleanSupplier other) {
        Duration left = Duration.between(RunRecord.now(), until);
        Workflow.await(
                left.isNegative() ? Duration.ZERO : left, () -> !inbox.isEmpty() || expired() || other.getAsBoolean());
        if (inbox.isEmpty() && expired()) {
            throw new RunOver(expiredEnding());
        }
        return inbox.poll();
    }

    /** Answers a message that has no place where the run stands; a cancellation ends the run. */
    @Nullable
    Ending answer(Message message) {
        return switch (message) {
            case Message.CancelRun cancel -> cancel(cancel);
            case Message.Decide decide -> {
                RefusalCode code = desk.decided() ? RefusalCode.ALREADY_DECIDED : RefusalCode.STALE_EVIDENCE;
                decide.refuse(record.state(), code, "the run waits for no review now");
                yield null;
            }
            case Message.RetryStep retry -> {
                retry.refuse(record.state(), RefusalCode.USAGE, "no step needs attention");
                yield null;
            }
            case Message.ExtendReview extend -> {
                extend.refuse(record.state(), RefusalCode.USAGE, "the run waits for no review now");
                yield null;
            }
        };
    }

    void refuseAll(String why) {
        while (!inbox.isEmpty()) {
            inbox.remove().refuse(record.state(), RefusalCode.ALREADY_DECIDED, why);
        }
    }

    private @Nullable Ending answerWhileBusy() {
        while (!inbox.isEmpty()) {
            Ending over = answer(inbox.remove());
            if (over != null) {
                return over;
            }
        }
        return expired() ? expiredEnding() : null;
    }

    private @Nullable Ending cancel(Message.CancelRun message) {
        if (pastNoReturn) {
            message.refuse(
                    record.state(), RefusalCode.ALREADY_DECIDED, "the promotion was begun and cannot be taken back");
            return null;
        }
        message.accept(RunState.ENDED);
        Cancel cancel = message.cancel();
        return Ending.of(Outcome.CANCELLED, "cancelled by " + cancel.by() + ": " + cancel.reason());
    }

    private boolean expired() {
        return !pastNoReturn && expiry.isCompleted();
    }

    private Ending expiredEnding() {
        return Ending.of(Outcome.EXPIRED, "the run's deadline of " + runDeadline + " has passed");
    }
}
