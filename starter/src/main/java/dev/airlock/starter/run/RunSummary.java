package dev.airlock.starter.run;

import dev.airlock.starter.temporal.RunInfo;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A run in a list: what the search attributes and the memo tell, so that a list costs one call. */
public record RunSummary(
        RunId run,
        @Nullable String workspace,
        @Nullable String branch,
        String state,
        @Nullable String outcome,
        @Nullable String author,
        @Nullable String pipeline,
        @Nullable CommitId base,
        Instant started,
        @Nullable Instant ended) {

    static RunSummary of(RunInfo info) {
        ChangeRequest.Target target = info.target();
        return new RunSummary(
                info.run(),
                info.labels().workspace(),
                target == null ? null : target.branch(),
                States.of(info).name(),
                States.outcome(info),
                info.labels().author(),
                info.labels().pipeline(),
                target == null ? null : target.base(),
                info.started(),
                info.ended());
    }
}
