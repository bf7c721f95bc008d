package dev.airlock.workflows.audit;

import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.Traceparent;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
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
     * @param origin how the run began, absent if the caller does not know
     * @param about what the run is, absent if the caller does not know; then nobody is told a verdict
     * @param takenOver whether another process may have tried to write these events and died; absent when they may have been
     *     tried, and always with these very bytes
     */
    record EmitRequest(
            String installation,
            RunId run,
            @Nullable AuditHead head,
            List<AuditEntry> entries,
            @Nullable Origin origin,
            @Nullable About about,
            @Nullable Boolean takenOver) {
        public EmitRequest {
            entries = List.copyOf(entries);
        }

        /** The same after a try of which nobody knows how it ended. */
        public EmitRequest tried() {
            return Boolean.FALSE.equals(takenOver)
                    ? new EmitRequest(installation, run, head, entries, origin, about)
                    : this;
        }

        /** A request of which nobody knows whether it was tried. */
        public EmitRequest(
                String installation,
                RunId run,
                @Nullable AuditHead head,
                List<AuditEntry> entries,
                @Nullable Origin origin,
                @Nullable About about) {
            this(installation, run, head, entries, origin, about, null);
        }

        /** A request of a run of which nothing else is known. */
        public EmitRequest(
                String installation,
                RunId run,
                @Nullable AuditHead head,
                List<AuditEntry> entries,
                @Nullable Origin origin) {
            this(installation, run, head, entries, origin, null);
        }

        /** A request of a run that was never reset before its first event was acknowledged. */
        public EmitRequest(String installation, RunId run, @Nullable AuditHead head, List<AuditEntry> entries) {
            this(installation, run, head, entries, null);
        }
    }

    /**
     * How a run began; a reset changes neither.
     *
     * @param incarnation the run's original Temporal run id ({@code getOriginalExecutionRunId}): without a head, only it tells
     *     that an earlier incarnation may have written events
     * @param started when the run started: no event of it is older
     * @param continued the chain's incarnation that this execution goes on with, since it continued as new from the one before;
     *     absent where it is the first. A reset of it begins an incarnation as ever
     */
    record Origin(
            String incarnation, Instant started, @Nullable String continued) {
        /** Of the first execution. */
        public Origin(String incarnation, Instant started) {
            this(incarnation, started, null);
        }

        /** By which name an execution writes. */
        public String incarnationOf(String execution) {
            return continued != null && execution.equals(incarnation) ? continued : execution;
        }
    }

    /**
     * What stays the same of a run, and by what others correlate it.
     *
     * @param requestSource with {@code requestId}: the request that asked for the run
     * @param traceparent the trace that the request belongs to, absent when it belongs to none
     */
    record About(
            String workspace,
            String requestSource,
            String requestId,
            @Nullable String traceparent) {
        public About {
            traceparent = Traceparent.orNull(traceparent);
        }
    }
}
