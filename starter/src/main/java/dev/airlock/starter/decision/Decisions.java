package dev.airlock.starter.decision;

import dev.airlock.starter.temporal.Refusals;
import dev.airlock.starter.temporal.RunActions;
import dev.airlock.workflows.change.ActionResult;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.DecisionResult;
import dev.airlock.workflows.change.Extend;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.id.RunId;
import java.util.UUID;

/**
 * What people tell an open run. Each method waits for what the run's loop makes of it and turns a no into an
 * {@link dev.airlock.starter.failure.AirlockException} with its code.
 */
public final class Decisions {
    private final RunActions actions;

    public Decisions(RunActions actions) {
        this.actions = actions;
    }

    /** The same decision id again gives the first answer again, also after the run has ended. */
    public Decided decide(RunId run, Decision decision) {
        DecisionResult result = actions.update(run, "decide", decision.id(), DecisionResult.class, decision);
        if (!result.accepted()) {
            throw Refusals.of(run, result.code(), result.message());
        }
        return new Decided(result.decision(), true, result.state());
    }

    public Taken cancel(RunId run, Cancel cancel) {
        return taken(run, actions.update(run, "cancel", anew(), ActionResult.class, cancel));
    }

    public Taken retry(RunId run, Retry retry) {
        return taken(run, actions.update(run, "retry", anew(), ActionResult.class, retry));
    }

    public Taken extend(RunId run, Extend extend) {
        return taken(run, actions.update(run, "extend", anew(), ActionResult.class, extend));
    }

    private static Taken taken(RunId run, ActionResult result) {
        if (!result.accepted()) {
            throw Refusals.of(run, result.code(), result.message());
        }
        return new Taken(run, result.state(), null);
    }

    private static String anew() {
        return UUID.randomUUID().toString();
    }
}
