package dev.airlock.workflows.change;

import io.temporal.workflow.CompletablePromise;

/** What an update has put into the run's inbox; the loop answers by completing the reply. */
sealed interface Message {

    /** Answers that the loop will not do it. */
    void refuse(RunState state, RefusalCode code, String why);

    record Decide(Decision decision, CompletablePromise<DecisionResult> reply) implements Message {
        void accept(RunState state) {
            reply.complete(new DecisionResult(decision.id(), true, state, null, null));
        }

        @Override
        public void refuse(RunState state, RefusalCode code, String why) {
            reply.complete(new DecisionResult(decision.id(), false, state, code, why));
        }
    }

    /** An operator's action. */
    sealed interface Action extends Message {
        CompletablePromise<ActionResult> reply();

        default void accept(RunState state) {
            reply().complete(new ActionResult(true, state, null, null));
        }

        @Override
        default void refuse(RunState state, RefusalCode code, String why) {
            reply().complete(new ActionResult(false, state, code, why));
        }
    }

    record CancelRun(Cancel cancel, CompletablePromise<ActionResult> reply) implements Action {}

    record RetryStep(Retry retry, CompletablePromise<ActionResult> reply) implements Action {}

    record ExtendReview(Extend extend, CompletablePromise<ActionResult> reply) implements Action {}
}
