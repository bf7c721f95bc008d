package dev.airlock.workflows.change;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.airlock.workflows.id.CommitId;

/** How a run ended, with everything that can still be seen of it once no worker answers queries. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ChangeResult.Promoted.class, name = "promoted"),
    @JsonSubTypes.Type(value = ChangeResult.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = ChangeResult.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = ChangeResult.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = ChangeResult.Expired.class, name = "expired"),
    @JsonSubTypes.Type(value = ChangeResult.Cancelled.class, name = "cancelled")
})
public sealed interface ChangeResult {
    ChangeView view();

    record Promoted(ChangeView view, CommitId commit) implements ChangeResult {}

    record Rejected(ChangeView view) implements ChangeResult {}

    record Refused(ChangeView view) implements ChangeResult {}

    record Failed(ChangeView view) implements ChangeResult {}

    record Expired(ChangeView view) implements ChangeResult {}

    record Cancelled(ChangeView view) implements ChangeResult {}
}
