package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.NOON;
import static dev.airlock.workspace.git.Fixtures.RITA;
import static dev.airlock.workspace.git.Fixtures.RUN;
import static dev.airlock.workspace.git.Fixtures.content;
import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.stream;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workspace.git.ChangedFile.Mode;
import dev.airlock.workspace.git.WorkspaceException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkspaceRepositoryTest {
    private static final StepAttempt AT = new StepAttempt(RUN, "generate", 1);

    @TempDir
    Path temp;

    private WorkspaceRepository repository;
    private CommitId base;

    @BeforeEach
    void prepare() throws IOException {
        write(temp.resolve("source/text"), "one\ntwo\nthree\n");
        write(temp.resolve("source/gone"), "gone\n");
        Files.write(temp.resolve("source/binary"), new byte[] {0, 1, 2});
        Files.createSymbolicLink(temp.resolve("source/link"), Path.of("text"));
        repository = new Workspaces(temp.resolve("workspaces")).create("orders", temp.resolve("source"), "main");
        base = repository.tip("main").orElseThrow();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void writesATreeInAnyOrder() throws Exception {
        TreeId tree;
        try (TreeWriter writer = repository.newTree()) {
            writer.file("z", true, stream("last"));
            writer.file("a/b", false, stream("deep"));
            writer.file("a.txt", false, stream("before a/"));
            writer.file("large", false, new ByteArrayInputStream(new byte[3 << 20]));
            writer.link("l", "../../etc/passwd".getBytes(StandardCharsets.UTF_8));
            tree = writer.finish();
        }
        CommitId commit = repository.checkpoint(AT, base, tree, RITA, NOON);

        Map<String, String> content = content(repository, commit);
        assertThat(content).containsOnlyKeys("a/", "a/b", "a.txt", "l", "large", "z");
        assertThat(content).containsEntry("z", "x:last").containsEntry("l", "l:../../etc/passwd");
        assertThat(content.get("large")).hasSize(3 << 20);
        assertThat(git(repository.directory(), "fsck", "--strict")).doesNotContain("error");
        assertThat(repository.directory()).isDirectoryNotContaining("glob:**.tmp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/abs",
                "a/",
                "a//b",
                ".",
                "..",
                "a/../b",
                "./a",
                ".git",
                ".GIT/config",
                "x/.git/hooks/p",
                "git~1",
                "nul\0byte",
                "half\ud800pair"
            })
    void refusesAName(String path) {
        try (TreeWriter writer = repository.newTree()) {
            assertRefused(Kind.INVALID, () -> writer.file(path, false, stream("x")));
            assertRefused(Kind.INVALID, () -> writer.link(path, new byte[] {'x'}));
        }
    }

    @Test
    void refusesTwoThingsOfOneName() throws Exception {
        try (TreeWriter writer = repository.newTree()) {
            writer.file("a", false, stream("x"));
            writer.file("d/e/f", false, stream("x"));
            assertRefused(Kind.INVALID, () -> writer.file("a", false, stream("y")));
            assertRefused(Kind.INVALID, () -> writer.file("a/b", false, stream("y")));
            assertRefused(Kind.INVALID, () -> writer.link("d", new byte[] {'x'}));
            assertRefused(Kind.INVALID, () -> writer.file("d/e", false, stream("y")));
        }
    }

    @Test
    void aCheckpointIsMadeOnce() throws Exception {
        TreeId tree = repository.tree(base);
        CommitId commit = repository.checkpoint(AT, base, tree, RITA, NOON);

        assertThat(repository.checkpoint(AT, base, tree, RITA, NOON)).isEqualTo(commit);
        assertThat(repository.checkpoint(AT)).contains(commit);
        assertThat(repository.tree(commit)).isEqualTo(tree);
        assertThat(git(repository.directory(), "rev-parse", "refs/airlock/runs/" + RUN + "/generate/1"))
                .isEqualTo(commit.value());
        assertRefused(Kind.CONFLICT, () -> repository.checkpoint(AT, base, tree, new Principal("user:eve"), NOON));
        assertRefused(Kind.CONFLICT, () -> repository.pin(AT, base));
        assertThat(repository.checkpoint(AT)).contains(commit);
    }

    @Test
    void aBaseIsPinnedOnce() throws Exception {
        repository.pinBase(RUN, base);
        repository.pinBase(RUN, base);

        CommitId other = repository.checkpoint(AT, base, repository.tree(base), RITA, NOON);
        assertRefused(Kind.CONFLICT, () -> repository.pinBase(RUN, other));
        assertThat(git(repository.directory(), "rev-parse", "refs/airlock/runs/" + RUN + "/base"))
                .isEqualTo(base.value());
    }

    @Test
    void saysWhatIsNotThere() {
        CommitId absent = new CommitId("0123456789012345678901234567890123456789");
        assertRefused(Kind.NOT_FOUND, () -> repository.tree(absent));
        assertRefused(Kind.NOT_FOUND, () -> repository.pinBase(RUN, absent));
        assertRefused(
                Kind.NOT_FOUND,
                () -> repository.tree(new CommitId(repository.tree(base).value())));
        assertRefused(Kind.NOT_FOUND, () -> repository.log("nope", 1));
        assertRefused(Kind.INVALID, () -> repository.tip("a..b"));
        assertRefused(Kind.INVALID, () -> repository.tip("x\n"));
    }

    @Test
    void aCommitOnATreeThatIsNotThereIsRefused() {
        TreeId absent = new TreeId("0123456789012345678901234567890123456789");

        assertRefused(Kind.NOT_FOUND, () -> repository.checkpoint(AT, base, absent, RITA, NOON));
        assertThat(repository.directory().resolve("refs/airlock/runs/" + RUN)).doesNotExist();
    }

    @Test
    void listsWhatChanged() throws Exception {
        CommitId candidate = change();

        List<ChangedFile> changes = repository.changes(base, candidate);
        assertThat(changes)
                .extracting(file -> file.path() + " " + file.kind() + " " + file.oldMode() + ">" + file.newMode() + " "
                        + file.size())
                .containsExactly(
                        "binary MODIFIED FILE>FILE 4",
                        "gone DELETED FILE>ABSENT 0",
                        "link MODIFIED LINK>FILE 1",
                        "new ADDED ABSENT>EXECUTABLE 5",
                        "text MODIFIED FILE>FILE 16");
        try (InputStream in = changes.getLast().content().open()) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("one\nTWO\nthree\n4\n");
        }
        assertThat(changes.get(1).newMode()).isEqualTo(Mode.ABSENT);
        assertThat(changes.get(1).content().open().readAllBytes()).isEmpty();
        assertThat(repository.changes(base, base)).isEmpty();
    }

    @Test
    void showsTheDiffAndWhereItWasCut() throws Exception {
        CommitId candidate = change();

        String diff = repository.diff(base, candidate, 1 << 20);
        assertThat(diff)
                .contains("diff --git a/text b/text", "-two\n+TWO\n", "new file mode 100755", "Binary files differ")
                .contains("deleted file mode 120000");
        assertThat(repository.diff(base, candidate, 100))
                .startsWith(diff.substring(0, 100))
                .endsWith("\n[the diff goes on; shown are its first 100 bytes]\n");
        assertThat(repository.diff(base, candidate, diff.length())).isEqualTo(diff);
        assertThat(repository.diff(base, base, 10)).isEmpty();
    }

    @Test
    void thePatchIdIsGits() throws Exception {
        write(temp.resolve("source/text"), "one\nTWO\nthree\n4\n");
        write(temp.resolve("source/dir/new"), "brand new\n");
        Files.delete(temp.resolve("source/gone"));
        Files.delete(temp.resolve("source/link"));
        Files.createSymbolicLink(temp.resolve("source/link"), Path.of("elsewhere"));
        CommitId candidate = repository
                .candidateFromDirectory(base, temp.resolve("source"), RITA, "x", NOON)
                .commit();
        String script = "git diff --no-renames --histogram " + base + " " + candidate + " | git patch-id --verbatim";
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(repository.directory().toFile())
                .start();
        String expected = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(expected).startsWith(repository.patchId(base, candidate) + " ");
        assertThat(repository.patchId(base, base)).isNotEqualTo(repository.patchId(base, candidate));
    }

    @Test
    void anotherBinaryIsAnotherPatch() throws Exception {
        Set<String> patches = new HashSet<>();
        for (byte last : new byte[] {1, 2, 3}) {
            Files.write(temp.resolve("source/binary"), new byte[] {0, 9, last});
            patches.add(repository.patchId(
                    base,
                    repository
                            .candidateFromDirectory(base, temp.resolve("source"), RITA, "x", NOON)
                            .commit()));
        }
        assertThat(patches).hasSize(3);
    }

    @Test
    void readsOneFileBounded() throws Exception {
        assertThat(repository.file(base, "text", 100))
                .hasValueSatisfying(bytes -> assertThat(bytes).hasSize(14));
        assertThat(repository.file(base, "text", 14)).isPresent();
        assertRefused(Kind.INVALID, () -> repository.file(base, "text", 13));
        assertThat(repository.file(base, "absent", 10)).isEmpty();
        assertThat(repository.file(base, "link", 10)).isEmpty();
    }

    private CommitId change() throws IOException {
        try (TreeWriter writer = repository.newTree()) {
            writer.file("text", false, stream("one\nTWO\nthree\n4\n"));
            writer.file("binary", false, new ByteArrayInputStream(new byte[] {0, 9, 9, 9}));
            writer.file("link", false, stream("x"));
            writer.file("new", true, stream("new!\n"));
            return repository.checkpoint(AT, base, writer.finish(), RITA, NOON);
        }
    }

    private static void assertRefused(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WorkspaceException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageNotContainingAny("\n", "\0");
    }
}
