package dev.airlock.workflows.change;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.Traceparent;
import dev.airlock.workflows.pipeline.Pipeline;
import org.jspecify.annotations.Nullable;

/**
 * Input of a run. Whoever starts it has read everything here from the base commit and has made the refs {@code base} and
 * (for a candidate) the generate step's first checkpoint.
 *
 * @param definition the compiled pipeline and the digests of what it was compiled from
 * @param fork set only when this run retries a closed one
 */
public record ChangeRequest(
        Origin origin,
        Target target,
        Definition definition,
        ChangeSource source,
        @Nullable Fork fork) {

    /**
     * Who asked, and how often the same request is the same run.
     *
     * @param description one line for people; it becomes the promoted commit's subject
     * @param traceparent the caller's trace (W3C); what is none counts as absent
     */
    public record Origin(
            String installation,
            Principal author,
            String description,
            String requestSource,
            String requestId,
            @Nullable String traceparent) {
        public Origin {
            traceparent = Traceparent.orNull(traceparent);
        }

        /** A request that belongs to no trace. */
        public Origin(
                String installation, Principal author, String description, String requestSource, String requestId) {
            this(installation, author, description, requestSource, requestId, null);
        }
    }

    /** What the change is for: {@code base} was the branch's tip when the request came. */
    public record Target(String workspace, String branch, CommitId base) {}

    /**
     * What the base says is to be done.
     *
     * @param policy digest of the policy files at the base, absent when there are none
     */
    public record Definition(
            Pipeline pipeline, Digest digest, @Nullable Digest policy) {}
}
