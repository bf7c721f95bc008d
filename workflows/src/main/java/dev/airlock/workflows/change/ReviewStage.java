package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.review.ReviewActivities.CheckRequest;
import dev.airlock.workflows.review.ReviewActivities.CheckResult;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import dev.airlock.workflows.review.ReviewActivities.SealResult;
import dev.airlock.workflows.sandbox.SandboxJob;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Seals the evidence, waits for people, and lets an approval count only while the evidence is still true. */
final class ReviewStage {
    private final ChangeRequest request;
    private final RunRecord record;
    private final ReviewDesk desk;
    private final Attendant attendant;
    private final Checks checks;
    private final AuditPump audit;
    private @Nullable Approval approval;

    ReviewStage(
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

    /** The last complete approval; it is worth nothing for other evidence. */
    @Nullable
    Approval approval() {
        return approval;
    }

    StepEnd perform(Step step, StepUse.Review use) {
        StepAttempt at = record.begin(step, StepState.WAITING);
        Evidence draft = record.draftEvidence();
        SealResult sealed = checks.askAtOnce(() -> StepOptions.review().seal(draft));
        Evidence evidence = draft.withPatch(sealed.patch());
        approval = null;
        record.opened(sealed.evidence());
        desk.open(use, sealed.evidence());
        audit.record(
                "review.opened",
                Map.of("step", step.id(), "evidence", sealed.evidence().value()));
        record.waitsBecause("waits for " + use.approvals() + (use.approvals() == 1 ? " approval" : " approvals"));
        record.enter(RunState.WAITING_REVIEW);
        StepEnd end = awaitDecision(at, use, evidence, sealed.evidence());
        record.waitsBecause(null);
        return end;
    }

    private StepEnd awaitDecision(StepAttempt at, StepUse.Review use, Evidence evidence, Digest digest) {
        Instant deadline = RunRecord.now().plus(use.timeout());
        while (true) {
            Message message = attendant.next(deadline);
            if (message == null) {
                desk.settle();
                record.finish(at, Verdict.RED, null, "nobody decided in time");
                return new StepEnd.Ends(Ending.of(Outcome.EXPIRED, "nobody decided within " + use.timeout()));
            }
            if (message instanceof Message.ExtendReview extend) {
                deadline = deadline.plus(extend.extend().extension());
                extend.accept(record.state());
                continue;
            }
            if (message instanceof Message.Decide decide) {
                StepEnd end = decide(at, decide, evidence, digest);
                if (end != null) {
                    return end;
                }
                continue;
            }
            Ending over = attendant.answer(message);
            if (over != null) {
                throw new RunOver(over);
            }
        }
    }

    /** @return null while the review goes on */
    private @Nullable StepEnd decide(StepAttempt at, Message.Decide message, Evidence evidence, Digest digest) {
        ReviewDesk.Refusal refusal = desk.refusal(message.decision(), record.state());
        if (refusal != null) {
            message.refuse(record.state(), refusal.code(), refusal.why());
            return null;
        }
        return switch (message.decision()) {
            case Decision.Approve approve -> approve(at, message, approve, evidence);
            case Decision.Reject reject -> {
                decided(message, digest, reject.reason());
                String why = "rejected by " + reject.by() + ": " + reject.reason();
                yield close(at, message, why, new StepEnd.Ends(Ending.of(Outcome.REJECTED, why)));
            }
            case Decision.RequestChanges changes -> {
                decided(message, digest, changes.reason());
                String why = "changes requested by " + changes.by() + ": " + changes.reason();
                SandboxJob.Input feedback = new SandboxJob.Input(null, null, null, changes.reason());
                yield close(at, message, why, new StepEnd.Red(feedback, Ending.of(Outcome.REJECTED, why)));
            }
        };
    }

    private @Nullable StepEnd approve(
            StepAttempt at, Message.Decide message, Decision.Approve approve, Evidence evidence) {
        CheckRequest asked = new CheckRequest(evidence, record.contentAt());
        CheckResult check = checks.askAtOnce(() -> StepOptions.review().check(asked));
        if (check.fitness() != Fitness.FIT) {
            return voided(at, message, check);
        }
        decided(message, approve.evidence(), null);
        if (!desk.approve(approve.by())) {
            message.accept(record.state());
            return null;
        }
        approval = new Approval(
                record.content().tree(),
                approve.evidence(),
                RunRecord.now(),
                request.origin().author(),
                request.origin().description());
        desk.settle();
        record.leaveWaiting();
        record.finish(at, Verdict.PASSED, null, "approved by " + String.join(", ", desk.approvers()));
        message.accept(record.state());
        return new StepEnd.Passed();
    }

    private StepEnd voided(StepAttempt at, Message.Decide message, CheckResult check) {
        RefusalCode code = check.fitness() == Fitness.BASE_MOVED ? RefusalCode.BASE_MOVED : RefusalCode.TREE_MISMATCH;
        String why = code + ": " + check.detail();
        audit.record("review.voided", Map.of("step", at.step(), "code", code.name(), "detail", why));
        desk.settle();
        record.leaveWaiting();
        record.finish(at, Verdict.RED, null, why);
        message.refuse(record.state(), code, String.valueOf(check.detail()));
        return new StepEnd.Ends(Ending.of(Outcome.REFUSED, why));
    }

    private StepEnd close(StepAttempt at, Message.Decide message, String why, StepEnd end) {
        desk.settle();
        record.leaveWaiting();
        record.finish(at, Verdict.RED, null, why);
        message.accept(record.state());
        return end;
    }

    private void decided(Message.Decide message, Digest evidence, @Nullable String reason) {
        Decision decision = message.decision();
        String kind = switch (decision) {
            case Decision.Approve approve -> "approve";
            case Decision.Reject reject -> "reject";
            case Decision.RequestChanges changes -> "request-changes";
        };
        Map<String, Object> data = new TreeMap<>(Map.of(
                "decision", kind,
                "decisionId", decision.id(),
                "by", decision.by().value(),
                "identity", "asserted",
                "evidence", evidence.value()));
        RunRecord.putIfKnown(data, "reason", reason);
        audit.record("review.decided", data);
    }
}
