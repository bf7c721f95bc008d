package dev.airlock.activities.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelftestReportTest {
    private static final EngineIdentity ENGINE = new EngineIdentity("docker", "runc", "hardened");
    private static final HostUse FLAT = new HostUse(100, 100);

    private static CaseResult of(Verdict verdict) {
        return new CaseResult("name", "group", verdict, "detail", null, 1);
    }

    private static SelftestReport report(List<CaseResult> cases, HostUse host, List<String> left) {
        return SelftestReport.of(ENGINE, cases, host, left);
    }

    @Test
    void isWellWhenNothingGotThroughButWhatIsListed() {
        List<CaseResult> fine = List.of(of(Verdict.CONTAINED), of(Verdict.EXCEPTION), of(Verdict.UNSUPPORTED));
        SelftestReport report = report(fine, FLAT, List.of());
        assertThat(report.ok()).isTrue();
        assertThat(report.counts()).isEqualTo(new SelftestReport.Counts(1, 0, 1, 1, 0));
    }

    @Test
    void isNotWellOtherwise() {
        assertThat(report(List.of(of(Verdict.CONTAINED), of(Verdict.BREACHED)), FLAT, List.of())
                        .ok())
                .isFalse();
        assertThat(report(List.of(of(Verdict.UNKNOWN)), FLAT, List.of()).ok()).isFalse();
        assertThat(report(List.of(of(Verdict.CONTAINED)), FLAT, List.of("airlock-x"))
                        .ok())
                .isFalse();
        assertThat(report(List.of(of(Verdict.CONTAINED)), new HostUse(10_000, 0), List.of())
                        .ok())
                .isFalse();
        assertThat(report(List.of(of(Verdict.CONTAINED)), new HostUse(0, 10_000), List.of())
                        .ok())
                .isFalse();
    }

    @Test
    void processesAreFoundByAWordOnTheirCommandLine() {
        assertThat(HostWatch.processesWith("no-process-has-this-on-its-line-" + System.nanoTime()))
                .isEmpty();
        assertThat(HostWatch.processesWith("java")).isNotEmpty();
    }
}
