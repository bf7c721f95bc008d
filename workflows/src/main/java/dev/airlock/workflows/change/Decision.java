package dev.airlock.workflows.change;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import org.jspecify.annotations.Nullable;

/** A person's word on a review. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Decision.Approve.class, name = "approve"),
    @JsonSubTypes.Type(value = Decision.Reject.class, name = "reject"),
    @JsonSubTypes.Type(value = Decision.RequestChanges.class, name = "request-changes")
})
public sealed interface Decision {
    /** Chosen by the client; the same id is the same decision. */
    String id();

    Principal by();

    /** The evidence this decision is about. Required to approve; a no may leave it open and then means the current one. */
    @Nullable
    Digest evidence();

    record Approve(String id, Principal by, Digest evidence) implements Decision {}

    /**
     * A final no.
     *
     * @param reason one line for people, kept in the result and on the audit trail
     */
    record Reject(String id, Principal by, @Nullable Digest evidence, String reason) implements Decision {}

    /**
     * A no that goes back to generate.
     *
     * @param reason handed to the agent as {@code reason.txt}
     */
    record RequestChanges(String id, Principal by, @Nullable Digest evidence, String reason) implements Decision {}
}
