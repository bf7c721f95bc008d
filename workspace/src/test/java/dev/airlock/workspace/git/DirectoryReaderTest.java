package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.NOON;
import static dev.airlock.workspace.git.Fixtures.RITA;
import static dev.airlock.workspace.git.Fixtures.content;
import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workspace.git.WorkspaceException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where nothing else is said, git itself says what is right. */
final class DirectoryReaderTest {
    @TempDir
    Path temp;

    private Path source;
    private WorkspaceRepository repository;
    private CommitId base;

    @BeforeEach
    void prepare() throws Exception {
        source = Files.createDirectory(temp.resolve("source"));
        git(source, "init", "-q", "-b", "main");
        git(source, "config", "core.excludesFile", "/dev/null");
        for (String tracked :
                new String[] {"plain", "build/kept.txt", "logs/deep/a.log", "was/dir/file", "sub/x.tmp"}) {
            write(source.resolve(tracked), tracked);
        }
        git(source, "add", ".");
        git(source, "commit", "-qm", "base");
        repository = new Workspaces(temp.resolve("workspaces")).create("orders", source, "main");
        base = repository.tip("main").orElseThrow();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void seesWhatGitSees() throws Exception {
        write(
                source.resolve(".gitignore"),
                "build/\n*.log\n!keep.log\n/only-here\n# a comment\n\\#hash\nsp ace/\n**/gen/*.c\n\\!bang\n");
        write(source.resolve("sub/.gitignore"), "!*.log\n*.tmp\n!important.tmp\ninner\n");
        write(source.resolve("sub/inner/.gitignore"), "!*\n");
        for (String path : new String[] {
            "build/new.txt",
            "build/deep/new.txt",
            "a.log",
            "keep.log",
            "logs/b.log",
            "logs/deep/keep.log",
            "only-here",
            "sub/only-here",
            "#hash",
            "sp ace/x",
            "sub/c.log",
            "sub/y.tmp",
            "sub/important.tmp",
            "sub/inner/z",
            "x/gen/a.c",
            "gen/b.c",
            "x/gen/a.h",
            "!bang",
            "ünï/çödé",
            "ctrl\u0001\n\t\"name",
            "a\\b",
            "c:d",
            "x/gen/deep/a.c"
        }) {
            write(source.resolve(path), path);
        }
        assertSameAsGit();
    }

    @Test
    void followsKindsAsGitDoes() throws Exception {
        Files.delete(source.resolve("plain"));
        write(source.resolve("plain/now/a/directory"), "x");
        Files.delete(source.resolve("was/dir/file"));
        Files.delete(source.resolve("was/dir"));
        Files.createSymbolicLink(source.resolve("was/dir"), Path.of("../plain"));
        Files.createSymbolicLink(source.resolve("dangling"), Path.of("/no/such/ü"));
        Files.setPosixFilePermissions(source.resolve("sub/x.tmp"), PosixFilePermissions.fromString("rwxr--r--"));
        Files.createDirectories(source.resolve("empty/deep"));
        write(source.resolve("nothing"), "");
        assertSameAsGit();
    }

    @Test
    void aTrackedDirectoryThatBecameAnIgnoredFileIsGone() throws Exception {
        write(source.resolve(".gitignore"), "was\n");
        Files.delete(source.resolve("was/dir/file"));
        Files.delete(source.resolve("was/dir"));
        Files.delete(source.resolve("was"));
        write(source.resolve("was"), "now a file");
        assertSameAsGit();
    }

    @Test
    void anEmptiedDirectoryIsAnEmptyTree() throws Exception {
        Path empty = Files.createDirectory(temp.resolve("empty"));

        assertThat(candidate(empty).tree().value()).isEqualTo("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    }

    @Test
    void leavesOutGitsOwnFilesAtEveryLevel() throws Exception {
        Path directory = temp.resolve("plain");
        write(directory.resolve(".git/config"), "[core]");
        write(directory.resolve("a/.git"), "gitdir: /elsewhere");
        write(directory.resolve("a/b/.git/hooks/post-checkout"), "#!/bin/sh");
        write(directory.resolve("a/b/file"), "kept");

        assertThat(content(repository, candidate(directory).commit())).containsOnlyKeys("a/", "a/b/", "a/b/file");
    }

    @ParameterizedTest
    @ValueSource(strings = {".GIT", ".Git", "git~1", ".git ", ".git.", "GIT~1", ".g\u200cit"})
    void refusesAnotherSpellingOfGitsDirectory(String name) throws Exception {
        write(temp.resolve("evil").resolve("sub").resolve(name).resolve("config"), "x");

        assertThatThrownBy(() -> candidate(temp.resolve("evil")))
                .isInstanceOfSatisfying(
                        WorkspaceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
                .hasMessageContaining("name refused");
    }

    @Test
    void refusesANameThatIsNotUnicode() throws Exception {
        Process touch = new ProcessBuilder("sh", "-c", "mkdir d && cd d && touch \"$(printf 'a\\377b')\"")
                .directory(temp.toFile())
                .start();
        assertThat(touch.waitFor()).isZero();

        assertThatThrownBy(() -> candidate(temp.resolve("d"))).hasMessageContaining("it is not UTF-8");
    }

    @Test
    void refusesWhatIsNoFile() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("d"));
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> candidate(directory)).hasMessageContaining("neither file, directory nor link");
        write(directory.resolve(".gitignore"), "pipe");
        assertThat(content(repository, candidate(directory).commit())).containsOnlyKeys(".gitignore");
    }

    @Test
    void aLinkedIgnoreFileIsNotRead() throws Exception {
        Path directory = temp.resolve("d");
        write(directory.resolve("secret"), "x");
        write(temp.resolve("rules"), "secret");
        Files.createSymbolicLink(directory.resolve(".gitignore"), temp.resolve("rules"));

        assertThat(content(repository, candidate(directory).commit())).containsKey("secret");
    }

    @Test
    void theSameContentIsTheSameCommitOnTheBase() throws Exception {
        Checkpoint first = candidate(source);

        assertThat(candidate(source)).isEqualTo(first);
        assertThat(git(
                        repository.directory(),
                        "cat-file",
                        "commit",
                        first.commit().value()))
                .contains("parent " + base)
                .contains("author rita <user-rita@airlock.invalid>")
                .endsWith("\n\nA change of mine Airlock-Run: run-x");
    }

    private Checkpoint candidate(Path directory) throws IOException {
        return repository.candidateFromDirectory(
                base, directory, RITA, "A change\nof mine\n\nAirlock-Run: run-x", NOON);
    }

    private void assertSameAsGit() throws Exception {
        git(source, "add", "--all");
        String expected = git(source, "write-tree");
        Checkpoint candidate = candidate(source);

        assertThat(git(repository.directory(), "ls-tree", "-r", candidate.tree().value()))
                .isEqualTo(git(source, "ls-tree", "-r", expected));
        assertThat(candidate.tree().value()).isEqualTo(expected);
        assertThat(git(repository.directory(), "fsck", "--strict")).doesNotContain("error");
    }
}
