package dev.airlock.cli.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.HostUse;
import dev.airlock.activities.hostile.HostileSuite;
import dev.airlock.activities.hostile.Verdict;
import dev.airlock.cli.Golden;
import dev.airlock.cli.sandbox.SelftestCommand.Answer;
import dev.airlock.cli.session.Answers;
import dev.airlock.cli.session.Text;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelftestCommandTest {
    private static final EngineIdentity ENGINE = new EngineIdentity("bubblewrap", "bwrap", "bubblewrap-rlimits");
    private static final List<CaseResult> CASES = List.of(
            new CaseResult("init-mem", "process-1", Verdict.CONTAINED, "8 attempts refused", null, 312),
            new CaseResult(
                    "cpu-spin",
                    "limits",
                    Verdict.EXCEPTION,
                    "199% of one processor",
                    "no cgroup, so processor time is shared",
                    2310),
            new CaseResult("loopback", "network", Verdict.UNSUPPORTED, "no network at all", null, 300));

    private static Answer answer(boolean ok, int breached, int unknown, List<String> left) {
        return new Answer(ok, ENGINE, CASES, 1, breached, 1, 1, unknown, new HostUse(212, 96), left);
    }

    private static String text(Answer answer) {
        Text text = new Text(false);
        List<HostileSuite.Group> groups = List.of(
                new HostileSuite.Group("limits", ""),
                new HostileSuite.Group("process-1", ""),
                new HostileSuite.Group("network", ""));
        new SelftestText(answer.cases(), groups).write(text, answer);
        return text.toString();
    }

    @Test
    void answersPrograms() throws IOException {
        Golden.check("sandbox-selftest", Answers.line(answer(true, 0, 0, List.of())) + "\n");
    }

    @Test
    void exitsWithADefiniteNoOnlyWhenThereIsOne() {
        assertThat(answer(true, 0, 0, List.of()).exitCode()).isZero();
        assertThat(answer(false, 1, 1, List.of()).exitCode()).isEqualTo(1);
        assertThat(answer(false, 0, 0, List.of("airlock-left")).exitCode()).isEqualTo(1);
        assertThat(answer(false, 0, 0, List.of()).exitCode()).isEqualTo(1);
        assertThat(answer(false, 0, 2, List.of()).exitCode()).isEqualTo(2);
    }

    @Test
    void tellsPeopleWhatWasNotContainedAndWhy() {
        assertThat(text(answer(true, 0, 0, List.of())))
                .contains("GROUP", "process-1")
                .contains("cpu-spin", "no cgroup, so processor time is shared")
                .contains("1 of 3 contained by bubblewrap with bwrap, 1 known exceptions, 1 not to be tried here");
        assertThat(text(answer(false, 2, 0, List.of()))).contains("2 got through bubblewrap with bwrap");
        assertThat(text(answer(false, 0, 0, List.of("airlock-left"))))
                .contains("left behind: airlock-left", "left something behind");
        assertThat(text(answer(false, 0, 3, List.of()))).contains("3 could not be tried");
    }
}
