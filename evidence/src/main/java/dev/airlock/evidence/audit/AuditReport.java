package dev.airlock.evidence.audit;

import dev.airlock.workflows.id.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier found.
 *
 * @param ok whether nothing is wrong; a trail without any event is ok unless a head was expected
 * @param runs number of runs; chains of processes are not counted
 * @param events number of events of all chains, copies not counted
 * @param head hash of the last event, if there is exactly one chain
 * @param checkpoint what the whole topic was compared with, absent where there was none
 */
public record AuditReport(
        boolean ok,
        int runs,
        long events,
        @Nullable Digest head,
        List<AuditProblem> problems,
        @Nullable Anchor checkpoint) {
    public AuditReport {
        problems = List.copyOf(problems);
    }

    AuditReport(boolean ok, int runs, long events, @Nullable Digest head, List<AuditProblem> problems) {
        this(ok, runs, events, head, problems, null);
    }

    /**
     * A signed checkpoint.
     *
     * @param commit of the system repository
     * @param records that it covers
     * @param open records that were written since: of them only what their chains tell is known
     */
    public record Anchor(String commit, Instant time, long records, long open) {}
}
