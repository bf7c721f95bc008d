package dev.airlock.workflows.promote;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;

/** Moves a branch, once (DESIGN §8). Both methods are idempotent by run. */
@ActivityInterface(namePrefix = "Promote_")
public interface PromoteActivities {

    /** Checks the same things as a review does, and writes the commit that the branch is to move to. Moves nothing. */
    PrepareResult prepare(PrepareRequest request);

    /** Moves branch and marker in one transaction, or finds that it was done. */
    MoveResult move(MoveRequest request);

    record PrepareRequest(StepAttempt checkpoint, Place place, CommitId candidate, Approval approval) {}

    /** Where to: {@code base} is the approved base, the promoted commit's only parent. */
    record Place(String workspace, String branch, CommitId base) {}

    /**
     * What was approved.
     *
     * @param at workflow time of the deciding approval; both times of the promoted commit
     * @param subject first line of the commit's message
     */
    record Approval(TreeId tree, Digest evidence, Instant at, Principal author, String subject) {}

    record MoveRequest(RunId run, Place place, CommitId commit) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = PrepareResult.Prepared.class, name = "prepared"),
        @JsonSubTypes.Type(value = PrepareResult.BaseMoved.class, name = "base-moved"),
        @JsonSubTypes.Type(value = PrepareResult.TreeMismatch.class, name = "tree-mismatch")
    })
    sealed interface PrepareResult {
        record Prepared(CommitId commit) implements PrepareResult {}

        record BaseMoved(String detail) implements PrepareResult {}

        record TreeMismatch(String detail) implements PrepareResult {}
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = MoveResult.Moved.class, name = "moved"),
        @JsonSubTypes.Type(value = MoveResult.BaseMoved.class, name = "base-moved")
    })
    sealed interface MoveResult {
        /** The marker says so; also when an earlier attempt did it. */
        record Moved(CommitId commit) implements MoveResult {}

        /** The branch was read again, differs from the base, and there is no marker. */
        record BaseMoved(String detail) implements MoveResult {}
    }
}
