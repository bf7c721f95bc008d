package dev.airlock.evidence.audit;

import dev.airlock.workflows.id.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier found.
 *
 * @param ok whether nothing is wrong; a trail without any event is ok unless a head was expected
 * @param runs number of runs; chains of processes are not counted
 * @param events number of events of all chains, copies not counted
 * @param head hash of the last event, if there is exactly one chain
 */
public record AuditReport(
        boolean ok, int runs, long events, @Nullable Digest head, List<AuditProblem> problems) {
    public AuditReport {
        problems = List.copyOf(problems);
    }
}
