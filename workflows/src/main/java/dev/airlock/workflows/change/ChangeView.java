package dev.airlock.workflows.change;

import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as others see it: answer of the query {@code view}, and part of the result.
 *
 * @param outcome present once the run has ended
 * @param reason one line for people: why it ended so, or what it waits for
 * @param candidate content that the run carries now, absent before the first generate attempt is done
 * @param evidence digest of the evidence that is, or was last, up for review
 * @param promoted commit that the branch moved to
 * @param audit last acknowledged audit event
 */
public record ChangeView(
        RunState state,
        @Nullable Outcome outcome,
        @Nullable String reason,
        @Nullable Checkpoint candidate,
        @Nullable Digest evidence,
        @Nullable CommitId promoted,
        List<StepView> steps,
        @Nullable AuditHead audit) {

    public ChangeView {
        steps = List.copyOf(steps);
    }
}
