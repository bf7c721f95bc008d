package dev.airlock.workflows.change;

import dev.airlock.workflows.id.CommitId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a run is over.
 *
 * @param promoted present when the outcome is {@link Outcome#PROMOTED}
 */
record Ending(Outcome outcome, String reason, @Nullable CommitId promoted) {
    static Ending of(Outcome outcome, String reason) {
        return new Ending(outcome, reason, null);
    }

    static Ending promoted(CommitId commit, String reason) {
        return new Ending(Outcome.PROMOTED, reason, commit);
    }

    CommitId promotedCommit() {
        return Objects.requireNonNull(promoted, "a promoted run has a commit");
    }
}
