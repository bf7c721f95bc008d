package dev.airlock.activities.hostile;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.List;

/**
 * What came of all cases.
 *
 * @param ok nothing was breached but what is listed as an exception, nothing is unknown, and nothing is left
 * @param left sandboxes and processes that are still there
 */
public record SelftestReport(
        boolean ok, EngineIdentity engine, List<CaseResult> cases, Counts counts, HostUse host, List<String> left) {
    /** Of two cases at a time, their neighbours, their engine, and of what else goes on on a machine meanwhile. */
    private static final HostUse BEARABLE = new HostUse(3072, 3000);

    public SelftestReport {
        cases = List.copyOf(cases);
        left = List.copyOf(left);
    }

    /** How many there are of each verdict. */
    public record Counts(int contained, int breached, int exceptions, int unsupported, int unknown) {}

    static SelftestReport of(EngineIdentity engine, List<CaseResult> cases, HostUse host, List<String> left) {
        Counts counts = new Counts(
                count(cases, Verdict.CONTAINED),
                count(cases, Verdict.BREACHED),
                count(cases, Verdict.EXCEPTION),
                count(cases, Verdict.UNSUPPORTED),
                count(cases, Verdict.UNKNOWN));
        boolean ok = counts.breached() == 0 && counts.unknown() == 0 && left.isEmpty() && bearable(host);
        return new SelftestReport(ok, engine, cases, counts, host, left);
    }

    /** Whether the machine noticed no more than it must. */
    static boolean bearable(HostUse host) {
        return host.memoryMiB() <= BEARABLE.memoryMiB() && host.tasks() <= BEARABLE.tasks();
    }

    private static int count(List<CaseResult> cases, Verdict verdict) {
        return (int) cases.stream().filter(one -> one.verdict() == verdict).count();
    }
}
