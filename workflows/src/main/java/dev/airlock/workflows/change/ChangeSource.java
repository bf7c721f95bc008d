package dev.airlock.workflows.change;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.TreeId;

/** Where a change's content comes from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ChangeSource.Candidate.class, name = "candidate"),
    @JsonSubTypes.Type(value = ChangeSource.Task.class, name = "task")
})
public sealed interface ChangeSource {

    /** The pusher brought the content; nothing generates it, so nothing loops back. */
    record Candidate(CommitId commit, TreeId tree) implements ChangeSource {}

    /** An agent is to make it from this text, kept as an artifact. */
    record Task(Digest text) implements ChangeSource {}
}
