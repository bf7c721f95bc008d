package dev.airlock.workflows.session;

import dev.airlock.workflows.change.AuditPump;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.session.SessionRequest.Carried;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import org.jspecify.annotations.Nullable;

/** Takes calls in, and hands what outlives an execution to the next. */
public final class SandboxWorkflowImpl implements SandboxWorkflow {
    private final SessionRequest request;
    private final AuditPump audit;
    private final SessionClock clock;
    private final SessionRecord record;
    private final Inbox inbox = new Inbox();
    private final SessionLoop loop;
    private boolean draining;

    @WorkflowInit
    public SandboxWorkflowImpl(SessionRequest request) {
        SandboxId id = new SandboxId(Workflow.getInfo().getWorkflowId());
        Carried carried = request.carried();
        this.request = request;
        this.audit = new AuditPump(request.installation(), id.owner(), null, carried == null ? null : carried.head());
        this.clock = carried == null
                ? new SessionClock(
                        request.timing(),
                        SessionClock.now().plus(request.timing().lifetime()),
                        false)
                : new SessionClock(request.timing(), carried.expires(), carried.warned());
        this.record = new SessionRecord(id, request, audit, clock);
        this.loop = new SessionLoop(record, clock, inbox);
    }

    @Override
    public SessionView run(SessionRequest sameRequest) {
        audit.start(true);
        clock.start();
        SessionEnd end;
        try {
            end = live();
        } catch (CanceledFailure cancelled) {
            draining = false;
            end = SessionEnd.of(SessionOutcome.CANCELLED, "cancelled through Temporal");
        }
        return close(end);
    }

    private SessionEnd live() {
        if (request.carried() == null) {
            loop.begin();
        } else {
            record.resume();
        }
        clock.touch();
        SessionEnd end = loop.live();
        return end == null ? continued() : end;
    }

    /** Nobody waits for an answer of this execution then, and its trail is whole. */
    private SessionEnd continued() {
        draining = true;
        audit.awaitAcknowledged();
        Workflow.await(Workflow::isEveryHandlerFinished);
        Workflow.continueAsNew(request.with(record.carry()));
        throw new IllegalStateException("it has continued as new");
    }

    private SessionView close(SessionEnd end) {
        Workflow.newDetachedCancellationScope(() -> {
                    loop.close(end);
                    audit.awaitAcknowledged();
                    Workflow.await(Workflow::isEveryHandlerFinished);
                })
                .run();
        return record.view();
    }

    @Override
    public SessionView ready() {
        Workflow.await(() -> record.state() != SessionState.STARTING);
        return record.view();
    }

    @Override
    public ExecResult exec(Call.Exec call) {
        CompletablePromise<ExecResult> reply = Workflow.newPromise();
        inbox.deliver(new Message.Exec(call, reply));
        return reply.get();
    }

    @Override
    public void validateExec(Call.Exec call) {
        refuseIf(Calls.flaw(call));
        requireRoom();
    }

    @Override
    public TransferResult put(Call.Put call) {
        CompletablePromise<TransferResult> reply = Workflow.newPromise();
        inbox.deliver(new Message.Put(call, reply));
        return reply.get();
    }

    @Override
    public void validatePut(Call.Put call) {
        refuseIf(Calls.flaw(call.to()));
        requireRoom();
    }

    @Override
    public TransferResult get(Call.Get call) {
        CompletablePromise<TransferResult> reply = Workflow.newPromise();
        inbox.deliver(new Message.Get(call, reply));
        return reply.get();
    }

    @Override
    public void validateGet(Call.Get call) {
        refuseIf(Calls.flaw(call.from()));
        requireRoom();
    }

    @Override
    public SessionView extend(Call.Extend call) {
        return change(call);
    }

    @Override
    public void validateExtend(Call.Extend call) {
        requireOpen();
        if (!record.mayExtend()) {
            refuseIf(new Refused(
                    SessionRefusal.USAGE,
                    "it was extended " + request.timing().extensions() + " times, which is the most"));
        }
    }

    @Override
    public SessionView stop(Call.Stop call) {
        return change(call);
    }

    @Override
    public void validateStop(Call.Stop call) {
        requireOpen();
    }

    @Override
    public SessionView kill(Call.Kill call) {
        return change(call);
    }

    @Override
    public void validateKill(Call.Kill call) {
        requireOpen();
    }

    @Override
    public SessionView view() {
        return record.view();
    }

    private SessionView change(Call call) {
        CompletablePromise<SessionView> reply = Workflow.newPromise();
        inbox.deliver(new Message.Change(call, reply));
        return reply.get();
    }

    private void requireRoom() {
        requireOpen();
        if (inbox.isFull()) {
            refuseIf(new Refused(
                    SessionRefusal.UNAVAILABLE,
                    Inbox.MOST_JOBS + " calls wait already; a sandbox runs one command at a time"));
        }
    }

    private void requireOpen() {
        if (draining) {
            refuseIf(new Refused(SessionRefusal.CONTINUING, "the sandbox's history is being cut; ask again"));
        }
        if (record.state() == SessionState.ENDED) {
            refuseIf(new Refused(SessionRefusal.ALREADY_DECIDED, "the sandbox has ended"));
        }
    }

    private static void refuseIf(@Nullable Refused refused) {
        if (refused != null) {
            throw Failures.refusal(refused.code(), refused.message());
        }
    }
}
