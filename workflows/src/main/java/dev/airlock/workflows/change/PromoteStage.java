package dev.airlock.workflows.change;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.promote.PromoteActivities.MoveRequest;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.promote.PromoteActivities.PrepareRequest;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Prepares the commit, has the intent acknowledged, and only then moves the branch: from there on nothing stops it. */
final class PromoteStage {
    private final ChangeRequest request;
    private final RunRecord record;
    private final ReviewDesk desk;
    private final Attendant attendant;
    private final Checks checks;
    private final AuditPump audit;
    private @Nullable Ending done;

    PromoteStage(
            ChangeRequest request,
            RunRecord record,
            ReviewDesk desk,
            Attendant attendant,
            Checks checks,
            AuditPump audit) {
        this.request = request;
        this.record = record;
        this.desk = desk;
        this.attendant = attendant;
        this.checks = checks;
        this.audit = audit;
    }

    @Nullable
    Ending done() {
        return done;
    }

    StepEnd perform(Step step, StepUse.Promote use, @Nullable Approval approval) {
        StepAttempt at = record.begin(step, StepState.RUNNING);
        String branch = request.target().branch();
        if (use.branch() != null && !use.branch().equals(branch)) {
            return refused(at, "the change is for " + branch + ", the step promotes to " + use.branch());
        }
        if (approval == null
                || !approval.evidence().equals(record.evidence())
                || !approval.tree().equals(record.content().tree())) {
            return refused(at, "nobody approved this content: a review must come before promote");
        }
        Place place =
                new Place(request.target().workspace(), branch, request.target().base());
        PrepareRequest asked =
                new PrepareRequest(record.contentAt(), place, record.content().commit(), approval);
        PrepareResult prepared = checks.ask(
                () -> StepOptions.prepareAtOnce(at.label()).prepare(asked),
                () -> StepOptions.prepare(at.label()).prepare(asked));
        return switch (prepared) {
            case PrepareResult.BaseMoved moved -> voided(at, RefusalCode.BASE_MOVED, moved.detail());
            case PrepareResult.TreeMismatch other -> voided(at, RefusalCode.TREE_MISMATCH, other.detail());
            case PrepareResult.Prepared ready -> moveDetached(at, place, ready.commit(), approval);
        };
    }

    private StepEnd moveDetached(StepAttempt at, Place place, CommitId commit, Approval approval) {
        attendant.passNoReturn();
        CompletablePromise<StepEnd> end = Workflow.newPromise();
        CancellationScope scope =
                Workflow.newDetachedCancellationScope(() -> end.complete(move(at, place, commit, approval)));
        scope.run();
        return end.get();
    }

    private StepEnd move(StepAttempt at, Place place, CommitId commit, Approval approval) {
        record.enter(RunState.PROMOTING);
        List<String> approvers = new ArrayList<>(new TreeSet<>(desk.approvers()));
        audit.record(
                "promotion.intended",
                Map.of(
                        "branch", place.branch(),
                        "base", place.base().value(),
                        "commit", commit.value(),
                        "tree", approval.tree().value(),
                        "evidence", approval.evidence().value(),
                        "approvers", approvers));
        audit.awaitAcknowledged();
        RunId run = at.run();
        MoveResult result = StepOptions.move(at.label()).move(new MoveRequest(run, place, commit));
        return switch (result) {
            case MoveResult.BaseMoved moved -> voided(at, RefusalCode.BASE_MOVED, moved.detail());
            case MoveResult.Moved moved -> {
                audit.record(
                        "promotion.completed",
                        Map.of(
                                "branch",
                                place.branch(),
                                "commit",
                                moved.commit().value()));
                done = Ending.promoted(
                        moved.commit(),
                        "approved by " + String.join(", ", approvers) + "; " + place.branch() + " moved");
                record.finish(at, Verdict.PASSED, null, place.branch() + " is now " + moved.commit());
                yield new StepEnd.Passed();
            }
        };
    }

    private StepEnd voided(StepAttempt at, RefusalCode code, String detail) {
        audit.record("review.voided", Map.of("step", at.step(), "code", code.name(), "detail", detail));
        return refused(at, code + ": " + detail);
    }

    private StepEnd refused(StepAttempt at, String why) {
        record.finish(at, Verdict.RED, null, why);
        return new StepEnd.Ends(Ending.of(Outcome.REFUSED, Objects.requireNonNull(why)));
    }
}
