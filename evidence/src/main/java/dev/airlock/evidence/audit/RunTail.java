package dev.airlock.evidence.audit;

import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.RunId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's trail stands in one incarnation, as its records tell: what somebody else than the run's workflow needs to
 * close it. Give it the run's records in their order, then ask. Not safe for several threads.
 */
public final class RunTail {
    private static final String ENDED = "dev.airlock.run.ended.v1";
    private static final String ABANDONED = "dev.airlock.run.abandoned.v1";

    private final ChainId chain;
    private final String incarnation;
    private @Nullable AuditHead head;
    private @Nullable AuditEvent end;

    /** @param incarnation the Temporal run id whose events count */
    public RunTail(RunId run, String incarnation) {
        this.chain = ChainId.of(run);
        this.incarnation = incarnation;
    }

    /** The run's next record; one that is no sound event of this incarnation says nothing. */
    public void add(int partition, long offset, byte[] value) {
        AuditRecord record = AuditRecord.read(value, 0);
        EventId id = record.said().orElse(null);
        if (id == null
                || !record.sound()
                || !id.chain().equals(chain)
                || !id.incarnation().equals(incarnation)) {
            return;
        }
        if (head == null || id.sequence() > head.sequence()) {
            AuditEvent event = record.event(value);
            head = event.head(partition, offset);
            end = event.type().equals(ENDED) || event.type().equals(ABANDONED) ? event : end;
        }
    }

    /** The event that closed the trail, absent while it is open. */
    public Optional<AuditEvent> end() {
        return Optional.ofNullable(end);
    }

    /** Whether somebody else closed it in the workflow's stead. */
    public boolean isAbandoned() {
        return end != null && end.type().equals(ABANDONED);
    }

    /** The events that tell the request's entries after what is there. The same trail makes the same bytes. */
    public AuditChain.Plan close(EmitRequest request) {
        EmitRequest onwards = new EmitRequest(
                request.installation(), request.run(), head, request.entries(), request.origin(), request.about());
        return new AuditChain(onwards, incarnation).plan(List.of());
    }

    /** The last event, absent if there is none. */
    public Optional<AuditHead> head() {
        return Optional.ofNullable(head);
    }
}
