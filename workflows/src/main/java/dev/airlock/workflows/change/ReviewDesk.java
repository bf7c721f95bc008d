package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.pipeline.StepUse;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Judges decisions by what needs no look at the world. Read-only for update validators; the loop alone writes. */
final class ReviewDesk {
    private static final int LONGEST_REASON = 4096;

    private final Principal author;
    private StepUse.@Nullable Review rules;
    private @Nullable Digest open;
    private @Nullable Digest settled;
    private final Set<String> approvers = new TreeSet<>();

    ReviewDesk(Principal author) {
        this.author = author;
    }

    /** Why a decision cannot count. */
    record Refusal(RefusalCode code, String why) {}

    void open(StepUse.Review review, Digest evidence) {
        rules = review;
        open = evidence;
        settled = null;
        approvers.clear();
    }

    void settle() {
        settled = open;
        open = null;
    }

    /** Whether the last review has had its deciding decision. */
    boolean decided() {
        return settled != null;
    }

    /** Counts an approval. @return whether it was the last one needed */
    boolean approve(Principal by) {
        approvers.add(by.value());
        return rules != null && approvers.size() >= rules.approvals();
    }

    Set<String> approvers() {
        return Set.copyOf(approvers);
    }

    @Nullable
    Refusal refusal(Decision decision, RunState state) {
        Refusal settledAlready = settledRefusal(decision, state);
        if (settledAlready != null) {
            return settledAlready;
        }
        if (open == null || rules == null) {
            return new Refusal(RefusalCode.STALE_EVIDENCE, "the run waits for no review now");
        }
        if (decision.evidence() != null && !decision.evidence().equals(open)) {
            return new Refusal(
                    RefusalCode.STALE_EVIDENCE,
                    "the evidence up for review is " + open + ", not " + decision.evidence()
                            + ": look at it again with `airlock review`");
        }
        if (!decision.by().isPerson()) {
            return new Refusal(RefusalCode.NOT_A_REVIEWER, decision.by() + " is not a person, and only persons decide");
        }
        return switch (decision) {
            case Decision.Approve approve -> approveRefusal(approve, rules);
            case Decision.Reject reject -> reasonRefusal(reject.reason());
            case Decision.RequestChanges request -> reasonRefusal(request.reason());
        };
    }

    private @Nullable Refusal settledRefusal(Decision decision, RunState state) {
        if (state == RunState.PROMOTING || state == RunState.ENDED) {
            return new Refusal(RefusalCode.ALREADY_DECIDED, "the run is " + state + "; nothing is left to decide");
        }
        boolean aboutSettled =
                decision.evidence() == null || decision.evidence().equals(settled);
        if (settled != null && open == null && aboutSettled) {
            return new Refusal(RefusalCode.ALREADY_DECIDED, "this review has been decided");
        }
        return null;
    }

    private @Nullable Refusal approveRefusal(Decision.Approve approve, StepUse.Review review) {
        if (review.notAuthor() && approve.by().equals(author)) {
            return new Refusal(RefusalCode.SELF_APPROVAL, author + " made this change; somebody else must approve it");
        }
        if (approvers.contains(approve.by().value())) {
            return new Refusal(RefusalCode.ALREADY_DECIDED, approve.by() + " has approved this evidence already");
        }
        return null;
    }

    static @Nullable Refusal reasonRefusal(String reason) {
        if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            return new Refusal(RefusalCode.USAGE, "a reason of 1 to " + LONGEST_REASON + " characters is needed");
        }
        return null;
    }
}
