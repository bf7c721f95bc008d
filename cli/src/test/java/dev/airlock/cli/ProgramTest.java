package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.RunId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How words are understood, and what is said when they are not. */
class ProgramTest {
    private static final String RUN = Samples.RUN.value();

    private final FakeClient client = new FakeClient();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-o json status RUN",
                "status -o json RUN",
                "status RUN -o json",
                "status RUN --output=json",
                "status RUN -o JSON",
                "--state /nowhere status RUN -ojson"
            })
    void takesGlobalOptionsAnywhere(String words) {
        Shell.Result result = new Shell(client).run(words.replace("RUN", RUN).split(" "));
        assertThat(result.out()).startsWith("{\"schema\":\"airlock/v1\",\"run\":");
        assertThat(result.code()).isZero();
    }

    @Test
    void takesGlobalOptionsFromTheEnvironment() {
        Shell shell = new Shell(client).with("AIRLOCK_OUTPUT", "json").with("AIRLOCK_AS", "user:rita");
        assertThat(shell.run("reject", RUN, "--reason", "no").out()).startsWith("{");
        assertThat(decision().by().value()).isEqualTo("user:rita");
        shell.run("reject", RUN, "--reason", "no", "--as", "user:tom");
        assertThat(decision().by().value()).isEqualTo("user:tom");
        shell.run("--as", "user:tim", "reject", RUN, "--reason", "no");
        assertThat(decision().by().value()).isEqualTo("user:tim");
    }

    @Test
    void actsAsTheUserWhoRunsIt() {
        new Shell(client).with("USER", "DOM\\anna b").run("reject", RUN, "--reason", "no");
        assertThat(decision().by().value()).isEqualTo("user:DOM-anna-b");
        Shell.Result wrong = new Shell(client).run("reject", RUN, "--reason", "no", "--as", "rita");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("not a principal: rita").contains("user:NAME");
    }

    @Test
    void toldOfAMistakeSaysItInTheFormThatWasAskedFor() {
        Shell.Result json = new Shell(client).run("stats", RUN, "-o", "json");
        assertThat(json.code()).isEqualTo(2);
        assertThat(json.out()).contains("\"code\":\"USAGE\"").contains("did you mean `airlock status`?");
        assertThat(json.err()).isEmpty();
        Shell.Result text = new Shell(client).run("status");
        assertThat(text.code()).isEqualTo(2);
        assertThat(text.out()).isEmpty();
        assertThat(text.err().lines()).hasSize(1);
        assertThat(new Shell(client).run("workspace").err()).contains("create, list or log");
        assertThat(new Shell(client).run().code()).isEqualTo(2);
    }

    @Test
    void neverShowsAStackTraceUnasked() {
        client.failure = new IllegalStateException("boom\nsecond line");
        Shell.Result result = new Shell(client).run("status", RUN);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("boom").doesNotContain("\tat ");
        assertThat(new Shell(client).run("status", RUN, "--debug").err()).contains("\tat ");
        assertThat(new Shell(client).run("status", RUN, "-o", "json").out()).contains("\"code\":\"INTERNAL\"");
    }

    @Test
    void takesAStateOfRunsAndAStateDirectoryByTheSameName() {
        new Shell(client).run("runs", "--state", "waiting-review", "--workspace", "orders");
        assertThat(client.last()).isEqualTo(new RunFilter(RunState.WAITING_REVIEW, "orders", 50, null));
        new Shell(client).run("runs", "--state", "/some/where", "--state", "ENDED", "--limit", "5", "--page", "x");
        assertThat(client.last()).isEqualTo(new RunFilter(RunState.ENDED, null, 5, "x"));
        new Shell(client).run("runs", "--state", "./ended");
        assertThat(client.last()).isEqualTo(new RunFilter(null, null, 50, null));
        new Shell(client).run("--state", "ended", "runs");
        assertThat(client.last()).isEqualTo(new RunFilter(null, null, 50, null));
        new Shell(client).run("runs", "--state", "src");
        assertThat(client.last()).isEqualTo(new RunFilter(null, null, 50, null));
        client.asked.clear();
        Shell.Result slip = new Shell(client).run("runs", "--state", "WATING_REVIEW");
        assertThat(slip.code()).isEqualTo(2);
        assertThat(slip.err()).contains("no run state 'WATING_REVIEW'").contains("did you mean waiting-review?");
        assertThat(client.asked).isEmpty();
    }

    @Test
    void exitsWithWhatTheWaitCameTo() {
        assertThat(new Shell(client)
                        .run("wait", RUN, "--for", "end", "--timeout", "90s")
                        .code())
                .isZero();
        assertThat(client.last()).isEqualTo(List.of(WaitFor.END, Duration.ofSeconds(90)));
        new Shell(client).run("wait", RUN, "--for", "review");
        assertThat(client.last()).isEqualTo(WaitFor.REVIEW);
        client.reached = false;
        Shell.Result no = new Shell(client).run("wait", RUN, "--for", "review", "-o", "json");
        assertThat(no.code()).isEqualTo(1);
        assertThat(no.out()).contains("\"run\"");
        assertThat(new Shell(client)
                        .run("wait", RUN, "--for", "end", "--timeout", "soon")
                        .err())
                .contains("write 300ms");
    }

    @Test
    void asksBeforeItCancels() {
        Shell.Result nobody = new Shell(client).run("cancel", RUN, "--reason", "x");
        assertThat(nobody.code()).isEqualTo(2);
        assertThat(nobody.err()).contains("--yes");
        assertThat(client.asked).isEmpty();
        assertThat(new Shell(client)
                        .onTerminal("n\n")
                        .run("cancel", RUN, "--reason", "x")
                        .code())
                .isEqualTo(2);
        assertThat(new Shell(client)
                        .onTerminal("")
                        .run("cancel", RUN, "--reason", "x")
                        .code())
                .isEqualTo(2);
        assertThat(client.asked).isEmpty();
        assertThat(new Shell(client)
                        .onTerminal("y\n")
                        .run("cancel", RUN, "--reason", "x")
                        .code())
                .isZero();
        assertThat(client.last()).isInstanceOf(Cancel.class);
    }

    @Test
    void approvesWhatIsNamedAndOnATerminalWhatIsShown() {
        Shell.Result unnamed = new Shell(client).run("approve", RUN, "--as", "user:rita");
        assertThat(unnamed.code()).isEqualTo(2);
        assertThat(unnamed.err()).contains("--evidence");
        assertThat(client.asked).isEmpty();
        Shell.Result shown = new Shell(client).onTerminal("").run("approve", RUN, "--as", "user:rita");
        assertThat(shown.code()).isZero();
        assertThat(shown.err()).contains(Samples.EVIDENCE.value());
        assertThat(decision().evidence()).isEqualTo(Samples.EVIDENCE);
        new Shell(client).run("approve", RUN, "--evidence", Samples.REPORT.value(), "--decision-id", "mine");
        assertThat(decision().evidence()).isEqualTo(Samples.REPORT);
        assertThat(decision().id()).isEqualTo("mine");
    }

    @Test
    void takesATaskOrADirectoryAndNotBoth() {
        Shell.Result both = new Shell(client).run("push", "orders", "--task", "-", "--dir", ".");
        assertThat(both.code()).isEqualTo(2);
        assertThat(new Shell(client).run("push", "orders").code()).isEqualTo(2);
        assertThat(new Shell(client)
                        .run("push", "orders", "--task", "/no/such/file")
                        .code())
                .isEqualTo(2);
        assertThat(client.asked).isEmpty();
        new Shell(client).run("push", "orders", "--dir", ".", "--branch", "b", "--pipeline", "p", "--request-id", "i");
        PushRequest request = (PushRequest) client.last();
        assertThat(request.branch()).isEqualTo("b");
        assertThat(request.pipeline()).isEqualTo("p");
        assertThat(request.origin().requestId()).isEqualTo("i");
        assertThat(request.origin().source()).isEqualTo("airlock:cli");
        assertThat(request.origin().author().value()).isEqualTo("user:anna");
    }

    @Test
    void takesNoEmptyAndNoEndlessRequestId() {
        for (String id : List.of("", " ", "x".repeat(257))) {
            Shell.Result refused = new Shell(client).run("push", "orders", "--dir", ".", "--request-id", id);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("a request id has 1 to 256 characters");
        }
        assertThat(client.asked).isEmpty();
    }

    @Test
    void saysOnceWhatWasMeantInAPipeline(@TempDir Path temp) throws Exception {
        Path file = Files.writeString(temp.resolve("p.yaml"), "stepz: []\n");
        Shell.Result result = new Shell(client).run("pipeline", "validate", file.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).containsOnlyOnce("did you mean");
    }

    @Test
    void writesOutputAsItIsUnlessSomebodyWatches() {
        client.output = "a\u001b[2Jb\u202ec\r\n".getBytes(StandardCharsets.UTF_8);
        assertThat(new Shell(client)
                        .run("logs", RUN, "--step", "test", "--attempt", "2", "-f")
                        .out())
                .isEqualTo("a\u001b[2Jb\u202ec\r\n");
        assertThat(client.last()).isEqualTo(new OutputRequest(Samples.RUN, "test", 2, true, 0));
        assertThat(new Shell(client).onTerminal("").run("logs", RUN).out()).isEqualTo("a^[[2Jb\\u{202e}c\n");
        assertThat(new Shell(client).run("logs", RUN, "--offset=-1").code()).isEqualTo(2);
    }

    @Test
    void coloursOnlyOnATerminalThatWantsThem() {
        assertThat(new Shell(client).run("review", RUN).out())
                .doesNotContain("\u001b")
                .contains("+two\\u{202e}");
        assertThat(new Shell(client).onTerminal("").run("review", RUN).out()).contains("\u001b[32m+two");
        assertThat(new Shell(client)
                        .onTerminal("")
                        .with("NO_COLOR", "1")
                        .run("review", RUN)
                        .out())
                .doesNotContain("\u001b");
        assertThat(new Shell(client).run("status", RUN).out()).contains("Round ^[[31mhalf up");
    }

    @Test
    void doesNotKnowWhatHasNotTheFormOfARun() {
        Shell.Result result = new Shell(client).run("status", "run-nonsense", "-o", "json");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).contains("\"code\":\"NOT_FOUND\"");
    }

    @Test
    void knowsARunByItsStart() {
        assertThat(new Shell(client).run("status", "run-aaaa").code()).isZero();
        assertThat(client.last()).isEqualTo(Samples.RUN);
        Shell.Result none = new Shell(client).run("status", "run-bbbb", "-o", "json");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.out()).contains("\"code\":\"NOT_FOUND\"").contains("no run run-bbbb");
        client.runs = List.of(Samples.summary(Samples.RUN), Samples.summary(new RunId("run-aaaab" + "a".repeat(21))));
        Shell.Result two = new Shell(client).run("status", "run-aaaa");
        assertThat(two.code()).isEqualTo(2);
        assertThat(two.err()).contains("run-aaaa is the start of 2 runs").contains(Samples.RUN.value());
        assertThat(new Shell(client).run("status", "run-aaaab").code()).isZero();
    }

    private Decision decision() {
        return (Decision) client.last();
    }
}
