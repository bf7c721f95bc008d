package dev.airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The objects that programs get, each frozen in a file. */
class AnswersTest {
    private static final String RUN = Samples.RUN.value();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @ParameterizedTest
    @CsvSource({
        "push, push orders --task -",
        "status, status RUN",
        "wait, wait RUN --for review",
        "runs, runs",
        "review, review RUN",
        "logs, logs RUN --offset 6",
        "approve, approve RUN --evidence sha256:4444444444444444444444444444444444444444444444444444444444444444",
        "reject, reject RUN --reason no",
        "request-changes, request-changes RUN --reason no",
        "cancel, cancel RUN --reason no --yes",
        "retry, retry RUN"
    })
    void aboutRuns(String name, String words) throws IOException {
        Shell.Result result = new Shell(new FakeClient())
                .run((words + " -o json").replace("RUN", RUN).split(" "));
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        Golden.check(name, result.out());
    }

    @Test
    void aboutWorkspaces() throws IOException {
        Path from = Files.createDirectory(root.resolve("from"));
        Files.writeString(from.resolve("a.txt"), "a\n");
        String state = root.resolve("state").toString();
        Shell shell = new Shell(new FakeClient());
        Shell.Result made =
                shell.run("--state", state, "-o", "json", "workspace", "create", "orders", "--from", from.toString());
        Golden.check("workspace-create", plain(made.out()));
        Golden.check(
                "workspace-list",
                plain(shell.run("workspace", "list", "--state", state, "-o", "json")
                        .out()));
        Golden.check(
                "workspace-log",
                plain(shell.run("workspace", "-o", "json", "log", "orders", "--state=" + state)
                        .out()));
        Shell.Result again = shell.run("--state", state, "workspace", "create", "orders", "--from", from.toString());
        assertThat(again.code()).isEqualTo(2);
        Shell.Result absent = shell.run("--state", state, "-o", "json", "workspace", "log", "absent");
        assertThat(absent.code()).isEqualTo(2);
        Golden.check("workspace-absent", absent.out());
        assertThat(shell.run("--state", state, "workspace", "log", "ordrs").err())
                .contains("did you mean orders?");
    }

    @Test
    void aboutImages() throws IOException {
        Path images = Files.createDirectories(root.resolve("images"));
        Files.writeString(
                images.resolve("tools.json"),
                "{\"name\":\"tools\",\"digest\":\"sha256:1\",\"engine\":\"docker\",\"reference\":\"tools:1\"}");
        Shell.Result result =
                new Shell(new FakeClient()).run("image", "list", "--state", root.toString(), "-o", "json");
        Golden.check("image-list", result.out());
    }

    @Test
    void aboutTrailsInFiles() throws IOException {
        Path file = Files.writeString(root.resolve("trail"), "no event\n");
        Shell.Result result =
                new Shell(new FakeClient()).run("audit", "verify", "--file", file.toString(), "-o", "json");
        assertThat(result.code()).isEqualTo(1);
        Golden.check("audit-verify", result.out());
    }

    @Test
    void doesNotCallAnEmptyTrailWhole() throws IOException {
        Path file = Files.createFile(root.resolve("empty.jsonl"));
        Shell.Result result = new Shell(new FakeClient()).run("audit", "verify", "--file", file.toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("no audit event");
    }

    @Test
    void aboutPipelines() throws IOException {
        Path bad = Files.writeString(root.resolve("bad.yaml"), "pipeline: p\nsteps:\n  - id: a\n    uses: revew\n");
        Shell shell = new Shell(new FakeClient());
        Shell.Result result = shell.run("pipeline", "validate", bad.toString(), "-o", "json");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .startsWith("{\"schema\":\"airlock/v1\",\"ok\":false,\"errors\":[{\"line\":4,\"column\":11,")
                .contains("review");
        assertThat(shell.run("pipeline", "validate", bad.toString()).out()).startsWith(bad + ":4:11: ");
        assertThat(shell.run("pipeline", "validate", root.resolve("none").toString())
                        .code())
                .isEqualTo(2);
        Path good = Files.writeString(
                root.resolve("good.yaml"),
                "pipeline: p\nsteps: [{id: review, uses: review}, {id: promote, uses: promote}]\n");
        Shell.Result valid = shell.run("pipeline", "validate", good.toString(), "-o", "json");
        assertThat(valid.code()).isZero();
        Golden.check("pipeline-validate", valid.out());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void aboutFailures(ErrorCode code) throws IOException {
        AirlockException failure = new AirlockException(code, "it is so", "subject", "do this");
        Shell.Result json = new Shell(FakeClient.failing(failure)).run("status", RUN, "-o", "json");
        assertThat(json.code()).isEqualTo(code.exitCode());
        assertThat(json.err()).isEmpty();
        Golden.check("error", json.out().replace(code.name(), "CODE"));
        Shell.Result text = new Shell(FakeClient.failing(failure)).run("status", RUN);
        assertThat(text.out()).isEmpty();
        assertThat(text.err()).isEqualTo("airlock: it is so (do this)\n");
    }

    private String plain(String line) {
        return line.replace(root.toString(), "ROOT")
                .replaceAll("[0-9a-f]{40}", "OBJECT")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
    }
}
