package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.content;
import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workspace.git.WorkspaceException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkspacesTest {
    @TempDir
    Path temp;

    private Path source;
    private Workspaces workspaces;

    @BeforeEach
    void prepare() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        workspaces = new Workspaces(temp.resolve("workspaces"));
    }

    @Test
    void takesADirectorysContentAsTheFirstCommit() throws Exception {
        write(source.resolve("src/main.py"), "print()\n");
        Files.setPosixFilePermissions(
                write(source.resolve("run.sh"), "#!/bin/sh\n"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("../away/ü"));
        Files.createDirectory(source.resolve("empty"));

        try (WorkspaceRepository repository = workspaces.create("orders", source, "main")) {
            assertThat(content(repository, repository.tip("main").orElseThrow()))
                    .isEqualTo(Map.of(
                            "link", "l:../away/ü", "run.sh", "x:#!/bin/sh\n", "src/", "", "src/main.py", "print()\n"));
            assertThat(repository.log("main", 10)).singleElement().satisfies(entry -> {
                assertThat(entry.parents()).isEmpty();
                assertThat(entry.author()).startsWith("Airlock <");
                assertThat(entry.run()).isNull();
            });
            assertThat(repository.branches()).containsExactly("main");
            assertThat(repository.live()).isEqualTo("main");
            assertThat(git(repository.directory(), "fsck", "--strict")).isEmpty();
        }
        assertThat(workspaces.list()).containsExactly("orders");
    }

    @Test
    void anEmptyDirectoryIsAnEmptyTree() throws Exception {
        try (WorkspaceRepository repository = workspaces.create("nothing", source, "main")) {
            assertThat(repository.tree(repository.tip("main").orElseThrow()).value())
                    .isEqualTo("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
            assertThat(git(repository.directory(), "fsck", "--strict")).isEmpty();
        }
    }

    @Test
    void looksAtNoParentForARepository() throws Exception {
        git(source, "init", "-q", "-b", "main");
        write(source.resolve("inner/file"), "x");
        git(source, "add", ".");
        git(source, "commit", "-qm", "outer");

        try (WorkspaceRepository repository = workspaces.create("inner", source.resolve("inner"), "main")) {
            assertThat(content(repository, repository.tip("main").orElseThrow()))
                    .isEqualTo(Map.of("file", "x"));
            assertThat(repository.log("main", 10)).hasSize(1);
        }
    }

    @Test
    void keepsTheHistoryOfAGitRepository() throws Exception {
        String tip = twoCommits(source);
        git(source, "branch", "topic", "HEAD~1");
        write(source.resolve("uncommitted"), "not taken");

        try (WorkspaceRepository repository = workspaces.create("orders", source, "main")) {
            assertThat(repository.tip("main").orElseThrow().value()).isEqualTo(tip);
            assertThat(repository.branches()).containsExactly("main", "topic");
            assertThat(repository.log("main", 10))
                    .hasSize(2)
                    .allSatisfy(entry -> assertThat(entry.author()).isEqualTo("Gina <gina@example.org>"));
            assertThat(git(repository.directory(), "fsck", "--strict")).isEmpty();
        }
    }

    @Test
    void takesABareRepositoryAndALinkedWorkingTree() throws Exception {
        String tip = twoCommits(source);
        git(temp, "clone", "-q", "--bare", "source", "bare");
        git(source, "worktree", "add", "-q", "--detach", "../linked");

        for (String from : List.of("bare", "linked")) {
            try (WorkspaceRepository repository = workspaces.create(from, temp.resolve(from), "main")) {
                assertThat(repository.tip("main").orElseThrow().value()).isEqualTo(tip);
            }
        }
    }

    @Test
    void namesTheBranchesThatARepositoryHas() throws Exception {
        twoCommits(source);

        assertThatThrownBy(() -> workspaces.create("orders", source, "production"))
                .hasMessageContaining("has no branch \"production\"")
                .hasMessageContaining("--branch: main");
        assertNothingLeft();
    }

    @Test
    void asksForACommitInAnEmptyRepository() throws Exception {
        git(source, "init", "-q", "-b", "main");

        assertThatThrownBy(() -> workspaces.create("orders", source, "main")).hasMessageContaining("no commit yet");
        assertNothingLeft();
    }

    @Test
    void refusesASecondOneOfTheSameName() throws Exception {
        workspaces.create("orders", source, "main").close();

        assertThatThrownBy(() -> workspaces.create("orders", source, "main"))
                .isInstanceOfSatisfying(
                        WorkspaceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.EXISTS));
        assertThat(workspaces.list()).containsExactly("orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../up", "-x", "a b", "ü", "system", "x.git", "a\nb", "a\0b"})
    void refusesAName(String name) {
        assertThatThrownBy(() -> workspaces.create(name, source, "main"))
                .isInstanceOfSatisfying(
                        WorkspaceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageNotContainingAny("\n", "\0");
    }

    @Test
    void leavesNothingOfWhatItCouldNotFinish() throws Exception {
        new ProcessBuilder("mkfifo", source.resolve("pipe").toString()).start().waitFor();

        assertThatThrownBy(() -> workspaces.create("orders", source, "main")).hasMessageContaining("\"pipe\"");
        assertNothingLeft();
    }

    @Test
    void removesWhatAKilledOneLeft() throws Exception {
        Path left = temp.resolve("workspaces/.creating-1234/objects");
        write(left.resolve("half"), "x");

        workspaces.create("orders", source, "main").close();

        assertThat(left).doesNotExist();
        assertThat(workspaces.list()).containsExactly("orders");
    }

    @Test
    void saysWhatToDoAboutAMissingOne() {
        assertThatThrownBy(() -> workspaces.open("orders"))
                .isInstanceOfSatisfying(
                        WorkspaceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContaining("airlock workspace create orders");
        assertThatThrownBy(() -> workspaces.create("orders", temp.resolve("absent"), "main"))
                .hasMessageContaining("no directory");
    }

    private void assertNothingLeft() throws IOException {
        assertThat(workspaces.list()).isEmpty();
        assertThat(temp.resolve("workspaces")).isDirectoryNotContaining("glob:**.creating*");
    }

    private static String twoCommits(Path directory) throws Exception {
        git(directory, "init", "-q", "-b", "main");
        for (String content : List.of("one", "two")) {
            write(directory.resolve("file"), content);
            git(directory, "add", ".");
            git(directory, "commit", "-qm", content);
        }
        return git(directory, "rev-parse", "HEAD");
    }
}
