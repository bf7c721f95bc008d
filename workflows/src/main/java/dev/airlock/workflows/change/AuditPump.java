package dev.airlock.workflows.change;

import dev.airlock.workflows.audit.AuditActivities.About;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.RunId;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries a workflow's events to the audit trail, in order, without making the run wait: one coroutine emits whatever has been
 * recorded since its last round. The head that an emission returned is the only state of the chain, so replay and changes
 * of this code cannot shift it.
 */
public final class AuditPump {
    /** Started, and the first workflow task scheduled and started; a second attempt of that task comes after more. */
    private static final int EVENTS_OF_A_FIRST_ATTEMPT = 3;
    /** An entry has a kilobyte at most, unless its text is all escapes. */
    private static final int MOST_AT_ONCE = 50;

    private final String installation;
    private final RunId run;
    private final Origin origin;
    private final @Nullable About about;
    private final List<AuditEntry> pending = new ArrayList<>();
    private @Nullable AuditHead head;
    private long recorded;
    private long acknowledged;
    private boolean held;
    private boolean ours;

    AuditPump(RunId run, ChangeRequest request) {
        this(
                request.origin().installation(),
                run,
                new About(
                        request.target().workspace(),
                        request.origin().requestSource(),
                        request.origin().requestId(),
                        request.origin().traceparent()),
                null);
    }

    /**
     * @param about absent for what nobody is told a verdict of
     * @param carried head of the execution that this one continues, absent in the first
     */
    public AuditPump(String installation, RunId chain, @Nullable About about, @Nullable AuditHead carried) {
        this.installation = installation;
        this.run = chain;
        this.about = about;
        this.head = carried;
        this.origin = new Origin(
                Workflow.getInfo().getOriginalExecutionRunId(),
                Instant.ofEpochMilli(Workflow.getInfo().getRunStartedTimestampMillis()),
                carried == null ? null : carried.incarnation());
    }

    /**
     * Starts the coroutine, out of reach of the run's cancellation.
     *
     * @param bounded whether an emission has a bound
     */
    public void start(boolean bounded) {
        int most = bounded ? MOST_AT_ONCE : Integer.MAX_VALUE;
        Workflow.newDetachedCancellationScope(() -> Async.procedure(() -> pump(most)))
                .run();
    }

    /** Puts an event where the coroutine takes it from. */
    public void record(String type, Map<String, Object> data) {
        pending.add(new AuditEntry(type, Instant.ofEpochMilli(Workflow.currentTimeMillis()), data));
        recorded++;
    }

    /** Waits until everything recorded so far is acknowledged by Kafka. */
    public void awaitAcknowledged() {
        long barrier = recorded;
        Workflow.await(() -> acknowledged >= barrier);
    }

    /** Lets what is recorded meanwhile wait for the end of the work; for work that ends soon. */
    <T> T holding(Functions.Func<T> work) {
        held = true;
        try {
            return work.apply();
        } finally {
            held = false;
        }
    }

    /** The last acknowledged event. */
    public @Nullable AuditHead head() {
        return head;
    }

    private void pump(int most) {
        while (true) {
            Workflow.await(() -> !held && !pending.isEmpty());
            List<AuditEntry> next = pending.subList(0, Math.min(most, pending.size()));
            List<AuditEntry> batch = List.copyOf(next);
            next.clear();
            head = emit(new EmitRequest(installation, run, head, batch, origin, about, takenOver()));
            acknowledged += batch.size();
        }
    }

    private AuditHead emit(EmitRequest request) {
        try {
            AuditHead emitted = StepOptions.auditAtOnce().emit(request);
            ours = !WorkflowUnsafe.isReplaying();
            return emitted;
        } catch (ActivityFailure unavailable) {
            return StepOptions.auditUntilDone().emit(request.tried());
        }
    }

    /**
     * Whether a process that had the run before may have died with these events on their way. Not, when this very instance
     * has emitted the last ones: another one would have put an end to it. A replay never compares what an activity was given.
     */
    private boolean takenOver() {
        boolean first = head == null && Workflow.getInfo().getHistoryLength() <= EVENTS_OF_A_FIRST_ATTEMPT;
        return !ours && !first;
    }
}
