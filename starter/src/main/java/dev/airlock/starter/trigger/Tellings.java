package dev.airlock.starter.trigger;

import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.temporal.RunActions;
import dev.airlock.starter.temporal.RunInfo;
import dev.airlock.starter.temporal.TemporalRuns;
import java.util.Optional;

/** Tells runs of events. The run itself knows one that it was told before. */
final class Tellings {
    private static final String SIGNAL = "event";

    private final TemporalRuns runs;
    private final RunActions actions;
    private final SourcePolicy policy;

    Tellings(TemporalRuns runs, RunActions actions, SourcePolicy policy) {
        this.runs = runs;
        this.actions = actions;
        this.policy = policy;
    }

    /** @return true; there is always room */
    boolean tell(CloudEvent event, RunEvents.Addressed addressed) throws Unacceptable {
        Optional<RunInfo> run = runs.find(addressed.run());
        policy.checkEvent(event, run.map(info -> info.labels().workspace()).orElse(null));
        if (run.isEmpty()) {
            throw new Unacceptable(Cause.NOT_FOUND, "no run " + addressed.run());
        }
        if (!run.get().open()) {
            throw ended(addressed);
        }
        try {
            actions.signal(addressed.run(), SIGNAL, addressed.event());
            return true;
        } catch (AirlockException e) {
            if (Failure.isTransient(e)) {
                throw e;
            }
            throw ended(addressed);
        }
    }

    private static Unacceptable ended(RunEvents.Addressed addressed) {
        return new Unacceptable(Cause.RUN_ENDED, addressed.run() + " has ended; nothing waits in it");
    }
}
