package dev.airlock.workflows.change;

import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.RunId;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The loop: takes steps in order, goes back to generate on red, and ends the run with everything on the audit trail. */
public final class ChangeWorkflowImpl implements ChangeWorkflow {
    private final ChangeRequest request;
    private final AuditPump audit;
    private final RunRecord record;
    private final ReviewDesk desk;
    private final EventInbox events;
    private final Attendant attendant;
    private final Stages stages;
    private final Changes changes;

    @WorkflowInit
    public ChangeWorkflowImpl(ChangeRequest request) {
        RunId run = new RunId(Workflow.getInfo().getWorkflowId());
        this.request = request;
        this.audit = new AuditPump(run, request);
        this.record = new RunRecord(run, request, audit);
        this.events = new EventInbox(audit);
        this.desk = new ReviewDesk(request.origin().author());
        this.attendant = new Attendant(
                record, desk, request.definition().pipeline().limits().deadline());
        this.changes = Changes.ofThisRun();
        Checks checks = new Checks(changes.checksLocally(), audit, attendant);
        EventStage awaiting = new EventStage(request, record, events, attendant, checks);
        this.stages = new Stages(request, record, desk, attendant, checks, audit, awaiting);
    }

    @Override
    public ChangeResult run(ChangeRequest sameRequest) {
        audit.start(changes.boundsBatches());
        audit.record("run.started", describeStart());
        Ending ending;
        try {
            ending = new Interpreter(request, record, attendant, stages).interpret();
        } catch (RunOver over) {
            ending = over.ending();
        } catch (CanceledFailure cancelled) {
            ending = Ending.of(Outcome.CANCELLED, "cancelled through Temporal");
        } catch (ActivityFailure failure) {
            if (!(failure.getCause() instanceof CanceledFailure)) {
                throw failure;
            }
            ending = Ending.of(Outcome.CANCELLED, "cancelled through Temporal");
        }
        return close(ending);
    }

    @Override
    public DecisionResult decide(Decision decision) {
        CompletablePromise<DecisionResult> reply = Workflow.newPromise();
        attendant.deliver(new Message.Decide(decision, reply));
        return reply.get();
    }

    @Override
    public void validateDecide(Decision decision) {
        refuseIf(desk.refusal(decision, record.state()));
    }

    @Override
    public ActionResult retry(Retry retry) {
        CompletablePromise<ActionResult> reply = Workflow.newPromise();
        attendant.deliver(new Message.RetryStep(retry, reply));
        return reply.get();
    }

    @Override
    public void validateRetry(Retry retry) {
        if (record.state() != RunState.NEEDS_ATTENTION) {
            refuseIf(new ReviewDesk.Refusal(
                    RefusalCode.USAGE,
                    "the run is " + record.state() + "; only a step that needs attention is retried"));
        }
    }

    @Override
    public ActionResult cancel(Cancel cancel) {
        CompletablePromise<ActionResult> reply = Workflow.newPromise();
        attendant.deliver(new Message.CancelRun(cancel, reply));
        return reply.get();
    }

    @Override
    public void validateCancel(Cancel cancel) {
        if (record.state() == RunState.PROMOTING || record.state() == RunState.ENDED) {
            refuseIf(new ReviewDesk.Refusal(
                    RefusalCode.ALREADY_DECIDED, "the run is " + record.state() + " and cannot be cancelled any more"));
        }
        refuseIf(ReviewDesk.reasonRefusal(cancel.reason()));
    }

    @Override
    public ActionResult extend(Extend extend) {
        CompletablePromise<ActionResult> reply = Workflow.newPromise();
        attendant.deliver(new Message.ExtendReview(extend, reply));
        return reply.get();
    }

    @Override
    public void validateExtend(Extend extend) {
        if (record.state() != RunState.WAITING_REVIEW) {
            refuseIf(new ReviewDesk.Refusal(
                    RefusalCode.USAGE, "the run is " + record.state() + "; only a review is extended"));
        }
        if (!extend.extension().isPositive()) {
            refuseIf(new ReviewDesk.Refusal(RefusalCode.USAGE, "an extension is longer than zero"));
        }
    }

    @Override
    public void event(RunEvent event) {
        if (record.state() == RunState.ENDED) {
            Workflow.getLogger(ChangeWorkflowImpl.class)
                    .warn("an event came after the run's end: {}", EventInbox.describe(event));
            return;
        }
        events.deliver(event);
    }

    @Override
    public ChangeView view() {
        return record.view();
    }

    private ChangeResult close(Ending ending) {
        Workflow.newDetachedCancellationScope(() -> {
                    record.end(ending);
                    attendant.refuseAll("the run has ended: " + ending.outcome());
                    audit.awaitAcknowledged();
                    Workflow.await(Workflow::isEveryHandlerFinished);
                })
                .run();
        ChangeView view = record.view();
        return switch (ending.outcome()) {
            case PROMOTED -> new ChangeResult.Promoted(view, ending.promotedCommit());
            case REJECTED -> new ChangeResult.Rejected(view);
            case REFUSED -> new ChangeResult.Refused(view);
            case FAILED -> new ChangeResult.Failed(view);
            case EXPIRED -> new ChangeResult.Expired(view);
            case CANCELLED, ABANDONED -> new ChangeResult.Cancelled(view);
        };
    }

    private Map<String, Object> describeStart() {
        ChangeRequest.Origin origin = request.origin();
        Map<String, Object> data = new TreeMap<>(Map.of(
                "workspace", request.target().workspace(),
                "branch", request.target().branch(),
                "base", request.target().base().value(),
                "author", origin.author().value(),
                "pipeline", request.definition().digest().value(),
                "requestSource", origin.requestSource(),
                "requestId", origin.requestId()));
        switch (request.source()) {
            case ChangeSource.Candidate candidate ->
                data.put("tree", candidate.tree().value());
            case ChangeSource.Task task -> data.put("task", task.text().value());
        }
        if (request.fork() != null) {
            data.put("forkOf", request.fork().run().value());
        }
        return data;
    }

    private static void refuseIf(ReviewDesk.@Nullable Refusal refusal) {
        if (refusal != null) {
            throw Failures.refusal(refusal.code(), refusal.why());
        }
    }
}
