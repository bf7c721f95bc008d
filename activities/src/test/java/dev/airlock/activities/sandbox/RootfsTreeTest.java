package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is unpacked lies inside, whatever an archive says. */
class RootfsTreeTest {
    @TempDir
    Path directory;

    private int copies;

    private interface Content {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private Path archive(Content content) throws IOException {
        Path file = directory.resolve("rootfs.tar");
        write(Files.newOutputStream(file), content);
        return file;
    }

    private static void write(OutputStream out, Content content) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            content.write(tar);
        }
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, String text) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        entry.setMode(mode);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, byte kind, String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private Path fresh() throws IOException {
        return Files.createDirectory(directory.resolve("root" + copies++));
    }

    private List<String> names(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(one -> !one.equals(root))
                    .map(one -> root.relativize(one).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void unpacksFilesDirectoriesAndLinksAndNothingElse() throws Exception {
        Path tar = archive(out -> {
            file(out, "./usr/bin/tool", 04755, "#!/bin/sh\n");
            file(out, "./etc/héllo", 0644, "hello");
            link(out, TarConstants.LF_SYMLINK, "./bin", "usr/bin");
            link(out, TarConstants.LF_LINK, "./usr/bin/same", "./usr/bin/tool");
            link(out, TarConstants.LF_FIFO, "./fifo", "");
            link(out, TarConstants.LF_CHR, "./dev/null", "");
            link(out, TarConstants.LF_SYMLINK, "./out", "/etc/passwd");
        });
        Path root = fresh();
        RootfsTree.copy(tar, root);
        assertThat(names(root))
                .containsExactly("bin", "etc", "etc/héllo", "out", "usr", "usr/bin", "usr/bin/same", "usr/bin/tool");
        assertThat((int) Files.getAttribute(root.resolve("usr/bin/tool"), "unix:mode") & 07777)
                .as("no file changes who runs it")
                .isEqualTo(0755);
        assertThat(root.resolve("usr/bin/same")).hasContent("#!/bin/sh\n");
        assertThat(Files.readSymbolicLink(root.resolve("out"))).isEqualTo(Path.of("/etc/passwd"));
    }

    @Test
    void theSameContentHasTheSameDigestHoweverItCame() throws Exception {
        Content content = out -> {
            file(out, "a/program", 0755, "x");
            file(out, "b", 0644, "y");
            link(out, TarConstants.LF_SYMLINK, "c", "a/program");
        };
        Path unpacked = fresh();
        String first = RootfsTree.copy(archive(content), unpacked);
        assertThat(RootfsTree.copy(unpacked, fresh())).isEqualTo(first);
        Path zipped = directory.resolve("rootfs.tar.gz");
        write(new GZIPOutputStream(Files.newOutputStream(zipped)), content);
        assertThat(RootfsTree.copy(zipped, fresh())).isEqualTo(first);
        Path other = fresh();
        RootfsTree.copy(unpacked, other);
        Files.writeString(other.resolve("b"), "z");
        assertThat(RootfsTree.copy(other, fresh())).isNotEqualTo(first);
    }

    @Test
    void nothingLeavesTheDirectory() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path victim = Files.writeString(outside.resolve("victim"), "whole");
        List<Content> hostile = List.of(
                out -> file(out, "../outside/victim", 0644, "evil"),
                out -> file(out, "a/../../outside/victim", 0644, "evil"),
                out -> {
                    link(out, TarConstants.LF_SYMLINK, "door", outside.toString());
                    file(out, "door/victim", 0644, "evil");
                },
                out -> {
                    link(out, TarConstants.LF_SYMLINK, "door", "..");
                    link(out, TarConstants.LF_SYMLINK, "door/again", "outside");
                },
                out -> link(out, TarConstants.LF_LINK, "victim", "../outside/victim"),
                out -> {
                    link(out, TarConstants.LF_SYMLINK, "door", outside.toString());
                    link(out, TarConstants.LF_LINK, "victim", "door/victim");
                },
                out -> {
                    link(out, TarConstants.LF_SYMLINK, "door", victim.toString());
                    link(out, TarConstants.LF_LINK, "victim", "door");
                });
        for (Content one : hostile) {
            Path root = fresh();
            assertThatThrownBy(() -> RootfsTree.copy(archive(one), root)).isInstanceOf(SandboxException.class);
            assertThat(victim).hasContent("whole");
            assertThat(names(root)).noneMatch(name -> name.endsWith("victim"));
        }
    }

    @Test
    void anAbsoluteNameLiesInsideAndALinkIsReplacedNotWrittenThrough() throws Exception {
        Path victim = Files.writeString(directory.resolve("victim"), "whole");
        Path root = fresh();
        RootfsTree.copy(
                archive(out -> {
                    file(out, "/etc/absolute", 0644, "inside");
                    link(out, TarConstants.LF_SYMLINK, "target", victim.toString());
                    file(out, "target", 0644, "a file now");
                }),
                root);
        assertThat(root.resolve("etc/absolute")).hasContent("inside");
        assertThat(victim).hasContent("whole");
        assertThat(Files.isRegularFile(root.resolve("target"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void saysThatSomethingIsNoArchive() throws Exception {
        Path file = Files.writeString(
                directory.resolve("x"), "no archive at all, but long enough to be read as one? ".repeat(40));
        assertThatThrownBy(() -> RootfsTree.copy(file, fresh())).isInstanceOf(IOException.class);
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> RootfsTree.copy(empty, fresh())).hasMessageContaining("no tar archive");
    }
}
