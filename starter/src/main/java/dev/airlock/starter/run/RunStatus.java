package dev.airlock.starter.run;

import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeView;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@code status} shows it. The flat shape is CONTRACT §8's.
 *
 * @param worker whether a worker said so; otherwise it was read from history and may lack what only a worker knows
 * @param audit last acknowledged audit event
 * @param bundle artifact that holds the ended run as a whole: its audit events, evidence and decisions
 */
public record RunStatus(
        RunId run,
        String workspace,
        String branch,
        RunState state,
        @Nullable Outcome outcome,
        @Nullable String reason,
        Principal author,
        String description,
        CommitId base,
        @Nullable CommitId candidate,
        @Nullable TreeId tree,
        @Nullable Digest evidence,
        @Nullable CommitId promoted,
        List<StepStatus> steps,
        @Nullable Audit audit,
        @Nullable Digest bundle,
        @Nullable RunId forkOf,
        boolean worker) {

    public RunStatus {
        steps = List.copyOf(steps);
    }

    /** Head of the run's audit trail: what {@code audit verify --head} takes. */
    public record Audit(long sequence, Digest hash) {
        static @Nullable Audit of(@Nullable AuditHead head) {
            return head == null ? null : new Audit(head.sequence(), head.hash());
        }
    }

    static RunStatus of(RunId run, ChangeRequest request, ChangeView view, boolean worker) {
        Checkpoint content = view.candidate();
        return new RunStatus(
                run,
                request.target().workspace(),
                request.target().branch(),
                view.state(),
                view.outcome(),
                view.reason(),
                request.origin().author(),
                request.origin().description(),
                request.target().base(),
                content == null ? null : content.commit(),
                content == null ? null : content.tree(),
                view.evidence(),
                view.promoted(),
                view.steps().stream().map(StepStatus::of).toList(),
                Audit.of(view.audit()),
                view.audit() == null ? null : view.audit().bundle(),
                request.fork() == null ? null : request.fork().run(),
                worker);
    }
}
