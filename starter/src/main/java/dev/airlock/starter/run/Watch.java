package dev.airlock.starter.run;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at a run again and again, and sits out an outage of Temporal: meanwhile the last thing seen holds. */
public final class Watch {
    private static final Duration OUTAGE = Duration.ofSeconds(60);

    private final Supplier<RunStatus> statuses;
    private @Nullable RunStatus last;
    private @Nullable Deadline outage;

    public Watch(StatusReader statuses, RunId run) {
        this(() -> statuses.status(run));
    }

    /** @param statuses asks once */
    public Watch(Supplier<RunStatus> statuses) {
        this.statuses = statuses;
    }

    /** @throws AirlockException {@code UNAVAILABLE} when there was no answer yet, or none for too long */
    public RunStatus look() {
        try {
            RunStatus now = statuses.get();
            last = now;
            outage = null;
            return now;
        } catch (AirlockException e) {
            outage = outage == null ? Deadline.in(OUTAGE) : outage;
            if (last == null || e.code() != ErrorCode.UNAVAILABLE || outage.over()) {
                throw e;
            }
            return last;
        }
    }
}
