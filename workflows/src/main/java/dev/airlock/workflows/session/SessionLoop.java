package dev.airlock.workflows.session;

import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Functions.Proc;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one place that decides: takes calls one after the other, and minds the clock and who wants to change something meanwhile. */
final class SessionLoop {
    private final SessionRecord record;
    private final SessionClock clock;
    private final Inbox inbox;
    private final SessionWork work;
    private final List<CompletablePromise<SessionView>> stopping = new ArrayList<>();
    private @Nullable SessionEnd end;
    private @Nullable CancellationScope current;
    private @Nullable String calling;
    private boolean idle;

    SessionLoop(SessionRecord record, SessionClock clock, Inbox inbox) {
        this.record = record;
        this.clock = clock;
        this.inbox = inbox;
        this.work = new SessionWork(record);
    }

    /** Makes the first container. */
    void begin() {
        attend(null, () -> {
            try {
                work.begin();
            } catch (Unanswered no) {
                end = end == null
                        ? new SessionEnd(SessionOutcome.FAILED, no.refused().message(), no.refused())
                        : end;
            }
        });
    }

    /** @return how it ends, or null when it is to continue as new */
    @Nullable
    SessionEnd live() {
        while (end == null) {
            Message.Job job = inbox.nextJob();
            if (job != null) {
                idle = false;
                record.busy();
                attend(job.call().id(), () -> work.perform(job));
                record.calm();
                clock.touch();
            } else if (record.isFull()) {
                return null;
            } else if (idle) {
                idle = false;
                attend(null, work::keep);
                if (record.held() != null) {
                    clock.touch();
                }
            } else {
                Workflow.await(() -> inbox.hasJobs() || inbox.hasChanges() || clock.rings());
            }
            decide();
        }
        return end;
    }

    /** Ends everything; whoever waits learns how. */
    void close(SessionEnd ending) {
        end = ending;
        CancellationScope running = current;
        if (running != null) {
            running.cancel(ending.reason());
            Workflow.await(() -> current == null);
        }
        inbox.refuseJobs(new Refused(SessionRefusal.ALREADY_DECIDED, "the sandbox has ended: " + ending.reason()));
        work.release();
        record.ended(ending);
        decide();
        stopping.forEach(reply -> reply.complete(record.view()));
    }

    private void attend(@Nullable String call, Proc task) {
        CompletablePromise<Void> done = Workflow.newPromise();
        CancellationScope scope = Workflow.newCancellationScope(() -> done.completeFrom(Async.procedure(() -> {
            try {
                task.apply();
            } finally {
                // Whatever becomes of the thread that waits for it, it is over now.
                current = null;
                calling = null;
            }
        })));
        current = scope;
        calling = call;
        scope.run();
        while (!done.isCompleted()) {
            Workflow.await(() -> done.isCompleted() || inbox.hasChanges() || clock.rings());
            decide();
            if (end != null && !done.isCompleted()) {
                scope.cancel(end.reason());
                Workflow.await(done::isCompleted);
            }
        }
        done.get();
    }

    private void decide() {
        for (Message.Change change = inbox.nextChange(); change != null; change = inbox.nextChange()) {
            decide(change);
        }
        while (clock.rings()) {
            switch (clock.ring()) {
                case WARNING -> record.warned();
                case END -> end = end == null ? SessionEnd.of(SessionOutcome.EXPIRED, "its time was over") : end;
                case IDLE -> idle = record.held() != null;
                case NOTHING -> {}
            }
        }
    }

    private void decide(Message.Change change) {
        switch (change.call()) {
            case Call.Extend extend -> {
                if (end == null && record.mayExtend()) {
                    clock.extend();
                    record.extended(extend);
                }
                change.reply().complete(record.view());
            }
            case Call.Kill kill -> {
                kill(kill);
                change.reply().complete(record.view());
            }
            case Call.Stop stop -> {
                stopping.add(change.reply());
                if (end == null) {
                    end = SessionEnd.of(SessionOutcome.STOPPED, "stopped by " + stop.by() + reason(stop));
                }
            }
            case Call.Exec exec -> throw new IllegalStateException("a command is no change");
            case Call.Put put -> throw new IllegalStateException("a transfer is no change");
            case Call.Get get -> throw new IllegalStateException("a transfer is no change");
        }
    }

    private void kill(Call.Kill kill) {
        if (kill.exec().equals(calling) && current != null) {
            current.cancel("killed by " + kill.by());
            return;
        }
        Message.Job waiting = inbox.withdraw(kill.exec());
        if (waiting != null) {
            waiting.refuse(new Refused(SessionRefusal.ALREADY_DECIDED, "it was killed before it began"));
        }
    }

    private static String reason(Call.Stop stop) {
        return stop.reason().isEmpty() ? "" : ": " + stop.reason();
    }
}
