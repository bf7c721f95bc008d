package dev.airlock.workflows.audit;

import dev.airlock.workflows.id.RunId;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes audit events. */
@ActivityInterface(namePrefix = "Audit_")
public interface AuditActivities {

    /**
     * Numbers and chains the events after the head, writes them and returns the new head once Kafka has acknowledged the
     * last one. The same input makes the same bytes, so a retry makes identical duplicates. When the head is of another
     * incarnation (Temporal reset the run), a {@code run.reset} event comes first and names it.
     */
    AuditHead emit(EmitRequest request);

    /**
     * Events to write, in order.
     *
     * @param head last acknowledged event, absent before the first
     */
    record EmitRequest(
            String installation, RunId run, @Nullable AuditHead head, List<AuditEntry> entries) {
        public EmitRequest {
            entries = List.copyOf(entries);
        }
    }
}
