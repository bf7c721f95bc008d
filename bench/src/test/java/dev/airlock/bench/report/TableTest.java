package dev.airlock.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.bench.machine.Machine;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @Test
    void showsBothSidesTheRatioAndTheGoal() throws Exception {
        String text = Table.text(report());

        assertThat(text)
                .contains("a1  step  90 ms   90    bare     30 ms   30    3x     ≤ 2.50x  no")
                .contains("b1  not measured: no server")
                .contains("machine: 2 cores, 4096 MB, load 0.50 before and 1.50 after")
                .contains("versions: java 25, runc 1.1")
                .contains("start-dev --flag one");
    }

    @Test
    void judgesByTheRatioOrByTheValue() {
        assertThat(Goal.ratioAtMost(2).met(2, 99)).isTrue();
        assertThat(Goal.ratioAtMost(2).met(2.1, 0)).isFalse();
        assertThat(Goal.ratioAtLeast(0.8).met(0.8, 0)).isTrue();
        assertThat(Goal.ratioAtLeast(0.8).met(0.7, 99)).isFalse();
        assertThat(Goal.valueAtMost(40, "events").met(0, 41)).isFalse();
        assertThat(Goal.valueAtMost(40, "events").text()).isEqualTo("≤ 40 events");
    }

    @Test
    void replacesTheTableInThePageAndNothingElse(@TempDir Path directory) throws Exception {
        Path page = directory.resolve("page.md");
        Files.writeString(page, "before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n");
        Docs.write(page, report());
        Docs.write(page, report());

        assertThat(Files.readString(page))
                .startsWith("before\n<!-- bench: begin -->\nTaken 2026-01-02, 1 blocks of each side, in 7 s.")
                .contains("| a1 | step | 90 ms | 90 | bare | 30 ms | 30 | 3x | ≤ 2.50x | no |")
                .doesNotContain("old")
                .endsWith("<!-- bench: end -->\nafter\n");
    }

    @Test
    void saysWhenThePageHasNoPlace(@TempDir Path directory) throws IOException {
        Path page = Files.writeString(directory.resolve("page.md"), "nothing\n");

        assertThatThrownBy(() -> Docs.write(page, report())).hasMessageContaining("has no place for the table");
        assertThat(Files.readString(page)).isEqualTo("nothing\n");
    }

    private static Report report() throws Exception {
        Row row = Row.cost(
                "a1",
                "ms",
                "step",
                "bare",
                Alternation.of(1, () -> Samples.of(90), () -> Samples.of(30)),
                Goal.ratioAtMost(2.5));
        Machine machine = new Machine(
                2, 4096, new Machine.Load(0.5, 1.5), Map.of("runc", "1.1", "java", "25"), List.of("--flag one"));
        return new Report(
                Report.SCHEMA,
                Instant.parse("2026-01-02T03:04:05Z"),
                7,
                1,
                machine,
                List.of(row),
                List.of(new Report.Skipped("b1", "no server")));
    }
}
