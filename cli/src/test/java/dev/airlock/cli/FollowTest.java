package dev.airlock.cli;

import static dev.airlock.cli.Samples.RUN;
import static dev.airlock.cli.Samples.at;
import static dev.airlock.cli.Samples.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.Verdict;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run as it goes on, for people on a terminal, for pipes and for programs. */
class FollowTest {
    private static final RunStatus STARTED = at(RunState.RUNNING, null, step("generate", 1, null));
    private static final RunStatus RED =
            at(RunState.RUNNING, null, step("generate", 1, Verdict.PASSED), step("test", 1, Verdict.RED));
    private static final RunStatus AGAIN = at(
            RunState.RUNNING,
            null,
            step("generate", 1, Verdict.PASSED),
            step("test", 1, Verdict.RED),
            step("generate", 2, null));
    private static final RunStatus REVIEW = at(RunState.WAITING_REVIEW, null, step("generate", 2, Verdict.PASSED));
    private static final RunStatus PROMOTED = at(RunState.ENDED, Outcome.PROMOTED, step("promote", 1, Verdict.PASSED));

    private final FakeClient client = new FakeClient();

    private void sees(RunStatus... statuses) {
        client.statuses.clear();
        client.statuses.addAll(List.of(statuses));
    }

    @Test
    void tellsEachChangeInALineOfItsOwnInAPipe() {
        sees(STARTED, STARTED, RED, AGAIN, REVIEW);
        Shell.Result result = new Shell(client).run("push", "orders", "--task", "-", "--follow");

        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        RUN.value(),
                        RUN + "  orders/main  Round half up",
                        "generate/1  RUNNING",
                        RUN + "  RUNNING",
                        "generate/1  PASSED  1.2 s",
                        "test/1  RED  exit code 3  1.2 s",
                        "generate/2  RUNNING",
                        "generate/2  PASSED  1.2 s",
                        RUN + "  WAITING_REVIEW",
                        "",
                        "next, by somebody else than user:anna (`--as user:NAME`):",
                        "  airlock review " + RUN,
                        "  airlock approve " + RUN + " --evidence " + Samples.EVIDENCE,
                        "  airlock request-changes " + RUN + " --reason TEXT",
                        "  airlock reject " + RUN + " --reason TEXT");
    }

    @Test
    void namesTheStateDirectoryInWhatCanBeCopied() {
        sees(REVIEW);
        Shell.Result result = new Shell(client).run("--state", "/my state", "push", "orders", "--task", "-", "-f");
        assertThat(result.out()).contains("  airlock --state '/my state' review " + RUN);
    }

    @Test
    void streamsOneObjectALineForPrograms() throws IOException {
        sees(STARTED, STARTED, REVIEW, Samples.status());
        Shell.Result result = new Shell(client).run("push", "orders", "--task", "-", "-f", "-o", "json");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(3);
        Golden.check("push", lines.getFirst() + "\n");
        assertThat(lines.get(1))
                .startsWith("{\"schema\":\"airlock/v1\",\"run\":")
                .contains("\"RUNNING\"");
        sees(Samples.status());
        Shell.Result watched = new Shell(client).run("status", RUN.value(), "--watch", "--timeout", "0s", "-o", "json");
        assertThat(watched.code()).isEqualTo(2);
        Golden.check("status", watched.out().lines().findFirst().orElseThrow() + "\n");
        assertThat(watched.out().lines().skip(1)).singleElement().asString().contains("\"TIMEOUT\"");
    }

    @Test
    void exitsAsAWaitWould() {
        assertThat(code("push", REVIEW)).isZero();
        assertThat(code("push", PROMOTED)).isZero();
        assertThat(code("push", at(RunState.ENDED, Outcome.FAILED))).isEqualTo(1);
        assertThat(code("push", at(RunState.NEEDS_ATTENTION, null))).isEqualTo(2);
        assertThat(code("status", REVIEW, REVIEW, PROMOTED)).isZero();
        assertThat(code("status", at(RunState.NEEDS_ATTENTION, null), at(RunState.ENDED, Outcome.REJECTED)))
                .isEqualTo(1);
        client.failure = new AirlockException(ErrorCode.NOT_FOUND, "no run", null, null);
        assertThat(code("status", REVIEW)).isEqualTo(2);
    }

    private int code(String command, RunStatus... statuses) {
        sees(statuses);
        return command.equals("push")
                ? new Shell(client)
                        .run("push", "orders", "--task", "-", "--follow")
                        .code()
                : new Shell(client).run("status", RUN.value(), "--watch").code();
    }

    @Test
    void redrawsInPlaceOnATerminal() {
        sees(STARTED, RED, AGAIN, REVIEW);
        Shell.Result result = new Shell(client)
                .onTerminal("")
                .with("COLUMNS", "40")
                .with("LINES", "24")
                .with("NO_COLOR", "1")
                .run("push", "orders", "--task", "-", "--follow");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("\r\u001b[3A", "\r\u001b[4A", "\u001b[K\n", "\u001b[J");
        assertThat(result.out()).doesNotContain("\u001b[?25l", "\u001b[2J");
        String screen = Vt.shows(result.out().substring(0, result.out().indexOf("next, ")), 40);
        assertThat(screen.lines().filter(line -> line.startsWith(RUN + "  ")))
                .containsExactly((RUN + "  WAITING_REVIEW").substring(0, 38) + "…");
        assertThat(screen).contains("  generate/2  1.2 s  PASSED\n").doesNotContain("test/1");
    }

    @Test
    void doesNotRedrawOnATerminalThatCannot() {
        sees(STARTED, REVIEW);
        Shell.Result result =
                new Shell(client).onTerminal("").with("TERM", "dumb").run("push", "orders", "--task", "-", "--follow");
        assertThat(result.out()).doesNotContain("\u001b").contains("generate/1  RUNNING");
    }

    @Test
    void letsNothingOutOfTheRunAtTheTerminal() {
        RunStatus hostile = at(RunState.ENDED, Outcome.FAILED, step("te\u001b[2Jst", 1, Verdict.RED));
        sees(hostile);
        Shell.Result result = new Shell(client)
                .onTerminal("")
                .with("COLUMNS", "200")
                .with("LINES", "24")
                .run("status", RUN.value(), "--watch");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .contains("te^[[2Jst", "FAILED: because; of this")
                .doesNotContain("\u001b[2J");
    }

    @Test
    void keepsATallPictureOnTheScreen() {
        StepStatus[] steps = new StepStatus[40];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = step("generate", i + 1, Verdict.RED);
        }
        sees(at(RunState.RUNNING, null, steps), at(RunState.ENDED, Outcome.FAILED, steps));
        String screen = Vt.shows(
                new Shell(client)
                        .onTerminal("")
                        .with("COLUMNS", "100")
                        .with("LINES", "10")
                        .run("status", RUN.value(), "--watch")
                        .out(),
                100);
        assertThat(screen).contains("generate/40", "  …\n").doesNotContain("generate/20");
        assertThat(screen.lines().takeWhile(line -> !line.isEmpty())).hasSize(9);
    }

    @Test
    void saysWhenNoWorkerAnswers() {
        RunStatus told = STARTED;
        RunStatus read = new RunStatus(
                told.run(),
                told.workspace(),
                told.branch(),
                told.state(),
                told.outcome(),
                told.reason(),
                told.author(),
                told.description(),
                told.base(),
                told.candidate(),
                told.tree(),
                told.evidence(),
                told.promoted(),
                told.steps(),
                told.audit(),
                told.bundle(),
                told.forkOf(),
                false);
        sees(told, read, read, told, PROMOTED);
        Shell.Result result = new Shell(client).run("status", RUN.value(), "--watch");
        assertThat(result.err().lines())
                .containsExactly("no worker answers: this is what the history tells", "a worker answers again");
    }
}
