package dev.airlock.workflows.change;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Functions;

/**
 * Asks for short, repeatable checks. One in the run's own workflow task costs one event; an activity costs three, and a
 * workflow task more. Meanwhile the trail waits, so that what the check brings is written with what came before it.
 */
final class Checks {
    private final boolean local;
    private final AuditPump audit;
    private final Attendant attendant;

    /** @param local false in runs that were begun before there was this */
    Checks(boolean local, AuditPump audit, Attendant attendant) {
        this.local = local;
        this.audit = audit;
        this.attendant = attendant;
    }

    /**
     * Asks in this workflow task, and as an activity of its own if that gave no answer in time.
     *
     * @throws ActivityFailure when there is no answer at all
     * @throws RunOver as {@link Attendant#attend}
     */
    <T> T ask(Functions.Func<T> atOnce, Functions.Func<T> regular) {
        if (!local) {
            return attendant.attend(regular);
        }
        try {
            return audit.holding(atOnce);
        } catch (ActivityFailure late) {
            if (late.getCause() instanceof CanceledFailure) {
                throw late;
            }
            return attendant.attend(regular);
        }
    }

    /** Asks what is always asked in the workflow task. */
    <T> T askAtOnce(Functions.Func<T> atOnce) {
        return local ? audit.holding(atOnce) : atOnce.apply();
    }
}
