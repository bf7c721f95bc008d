package dev.airlock.starter.temporal;

import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal tells about a run without asking a worker.
 *
 * @param ended absent while it is open
 * @param target absent when something else than this client started the run
 */
public record RunInfo(
        RunId run,
        Close close,
        Labels labels,
        ChangeRequest.@Nullable Target target,
        Instant started,
        @Nullable Instant ended) {

    /** How the workflow closed, if it did. */
    public enum Close {
        OPEN,
        /** It returned its result. */
        COMPLETED,
        /** Terminated, timed out or failed: there is no result. */
        ABANDONED
    }

    /** The search attributes of CONTRACT §6; each absent when it is not set. */
    public record Labels(
            @Nullable String workspace,
            @Nullable String state,
            @Nullable String author,
            @Nullable String pipeline,
            @Nullable String outcome) {}

    public boolean open() {
        return close == Close.OPEN;
    }
}
