package dev.airlock.workspace.git;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import dev.airlock.workflows.review.ReviewActivities.CheckResult;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import dev.airlock.workspace.git.Refs.Step;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.transport.ReceiveCommand;

/**
 * The one way a branch moves (DESIGN §8): compare, prepare a commit, move branch and marker as one. Every method may be
 * repeated and answers the same; the marker ref {@code refs/airlock/promotions/RUN}, never a trailer, proves a promotion.
 */
public final class Promotion {
    private final WorkspaceRepository workspace;

    public Promotion(WorkspaceRepository workspace) {
        this.workspace = workspace;
    }

    /**
     * Compares what is there with what was validated and tested: the branch is still at the base, the checkpoint ref still
     * holds the candidate, its tree is the one given, and every object it brings hashes to its id.
     */
    public CheckResult check(Place place, StepAttempt at, Checkpoint content) throws IOException {
        Optional<CommitId> tip = workspace.tip(place.branch());
        if (!tip.equals(Optional.of(place.base()))) {
            return new CheckResult(Fitness.BASE_MOVED, moved(place, tip));
        }
        Optional<CommitId> kept = workspace.checkpoint(at);
        if (!kept.equals(Optional.of(content.commit()))) {
            return new CheckResult(
                    Fitness.TREE_MISMATCH,
                    "checkpoint " + at.label() + " of " + at.run()
                            + kept.map(commit -> " is commit " + commit).orElse(" is gone") + ", not "
                            + content.commit());
        }
        try (Integrity integrity = new Integrity(workspace.repository())) {
            return integrity
                    .problem(
                            object(content.commit()),
                            ObjectId.fromString(content.tree().value()),
                            workspace.treeOf(place.base()))
                    .map(problem -> new CheckResult(Fitness.TREE_MISMATCH, problem))
                    .orElseGet(() -> new CheckResult(Fitness.FIT, null));
        }
    }

    /** Compares like {@link #check} and writes the commit that the branch is to move to. The same approval, the same commit. */
    public PrepareResult prepare(Place place, StepAttempt at, CommitId candidate, Approval approval)
            throws IOException {
        CommitBuilder commit = commit(place, at.run(), approval);
        if (workspace.refs().read(RefNames.promotion(at.run())).equals(Optional.of(id(commit)))) {
            return new PrepareResult.Prepared(new CommitId(id(commit).name()));
        }
        CheckResult check = check(place, at, new Checkpoint(candidate, approval.tree()));
        String detail = String.valueOf(check.detail());
        return switch (check.fitness()) {
            case FIT -> new PrepareResult.Prepared(workspace.write(commit));
            case BASE_MOVED -> new PrepareResult.BaseMoved(detail);
            case TREE_MISMATCH -> new PrepareResult.TreeMismatch(detail);
        };
    }

    /**
     * Moves the branch from the base to the commit and creates the marker, both or neither. A marker that is there means it
     * was done, wherever the branch is by now.
     */
    public MoveResult move(RunId run, Place place, CommitId commit) throws IOException {
        String marker = RefNames.promotion(run);
        String branch = RefNames.branch(place.branch());
        return workspace.refs().transact(() -> {
            Optional<ObjectId> tip = workspace.refs().read(branch);
            Optional<ObjectId> promoted = workspace.refs().read(marker);
            if (promoted.isPresent()) {
                return new Step<>(found(run, promoted.get(), commit), List.of());
            }
            if (!tip.equals(Optional.of(object(place.base())))) {
                Optional<CommitId> shown = tip.map(id -> new CommitId(id.name()));
                return new Step<>(new MoveResult.BaseMoved(moved(place, shown)), List.of());
            }
            refuseOtherParents(place, commit);
            return new Step<>(
                    new MoveResult.Moved(commit),
                    List.of(
                            new ReceiveCommand(object(place.base()), object(commit), branch),
                            new ReceiveCommand(ObjectId.zeroId(), object(commit), marker)));
        });
    }

    private static MoveResult found(RunId run, ObjectId promoted, CommitId commit) throws WorkspaceException {
        if (!promoted.equals(object(commit))) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.CORRUPT,
                    "the marker of " + run + " names commit " + promoted.name() + ", but " + commit
                            + " was prepared; someone else wrote one of them");
        }
        return new MoveResult.Moved(commit);
    }

    private void refuseOtherParents(Place place, CommitId commit) throws IOException {
        RevCommit parsed = workspace.parse(commit);
        if (parsed.getParentCount() != 1 || !parsed.getParent(0).equals(object(place.base()))) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.CORRUPT, "commit " + commit + " was not made on base " + place.base());
        }
    }

    private static CommitBuilder commit(Place place, RunId run, Approval approval) {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(ObjectId.fromString(approval.tree().value()));
        commit.setParentId(object(place.base()));
        commit.setAuthor(Identities.author(approval.author(), approval.at()));
        commit.setCommitter(Identities.airlock(approval.at()));
        commit.setMessage(Messages.subject(approval.subject(), "Promote " + run) + "\n\nAirlock-Run: " + run
                + "\nAirlock-Evidence: " + approval.evidence() + "\n");
        return commit;
    }

    private static ObjectId id(CommitBuilder commit) throws IOException {
        try (ObjectInserter.Formatter hash = new ObjectInserter.Formatter()) {
            return hash.idFor(Constants.OBJ_COMMIT, commit.build());
        }
    }

    private static String moved(Place place, Optional<CommitId> tip) {
        return "branch " + place.branch() + " of " + place.workspace() + " was at " + place.base()
                + tip.map(commit -> " and is now at " + commit).orElse(" and is gone");
    }

    private static ObjectId object(CommitId commit) {
        return ObjectId.fromString(commit.value());
    }
}
