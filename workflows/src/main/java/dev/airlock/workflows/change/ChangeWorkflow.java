package dev.airlock.workflows.change;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Carries one change through its pipeline. The workflow id is the {@link dev.airlock.workflows.id.RunId}.
 *
 * <p>Updates only check and enqueue; one loop decides, and the update returns what the loop decided. An update that the
 * loop can never accept is rejected by its validator and leaves nothing in history. Refusals carry a {@link RefusalCode},
 * as the failure's type when a validator rejects and as a value when the loop does.
 */
@WorkflowInterface
public interface ChangeWorkflow {
    @WorkflowMethod
    ChangeResult run(ChangeRequest request);

    /** A person's decision. The update id is the decision id, so the same decision twice is one. */
    @UpdateMethod
    DecisionResult decide(Decision decision);

    @UpdateValidatorMethod(updateName = "decide")
    void validateDecide(Decision decision);

    /** Runs the step that needs attention again, as a new attempt. */
    @UpdateMethod
    ActionResult retry(Retry retry);

    @UpdateValidatorMethod(updateName = "retry")
    void validateRetry(Retry retry);

    /** Ends the run as cancelled; refused from {@link RunState#PROMOTING} on. */
    @UpdateMethod
    ActionResult cancel(Cancel cancel);

    @UpdateValidatorMethod(updateName = "cancel")
    void validateCancel(Cancel cancel);

    /** Gives the review that the run waits for more time. */
    @UpdateMethod
    ActionResult extend(Extend extend);

    @UpdateValidatorMethod(updateName = "extend")
    void validateExtend(Extend extend);

    /**
     * Something that a step may wait for ({@code uses: wait}). Kept until a step takes it, also when it comes before that
     * step; told again it changes nothing.
     */
    @SignalMethod
    void event(RunEvent event);

    @QueryMethod
    ChangeView view();
}
