package dev.airlock.starter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.evidence.files.FileCollection;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.evidence.files.FileManifest.Entry;
import dev.airlock.evidence.files.FileManifest.Kind;
import dev.airlock.evidence.files.FileManifest.Refused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a manifest says, nothing is read or written outside of what the caller named. */
class LocalFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private ArtifactStore artifacts;

    @BeforeEach
    void open() throws IOException {
        artifacts = new DirectoryArtifactStore(Files.createDirectories(root.resolve("artifacts")));
    }

    private static Entry file(String path, String content) {
        return new Entry(path, Kind.FILE, false, content.length(), null);
    }

    private static Entry link(String path, String target) {
        String text = Base64.getEncoder().encodeToString(target.getBytes(StandardCharsets.UTF_8));
        return new Entry(path, Kind.LINK, false, 0, text);
    }

    private List<Refused> write(boolean single, Path target, String content, Entry... entries) throws IOException {
        FileManifest manifest = new FileManifest(FileManifest.SCHEMA, List.of(entries), List.of(), null);
        InputStream bytes = new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
        return LocalFiles.write(manifest, single, bytes, target);
    }

    @Test
    void nothingIsWrittenOutside() throws IOException {
        Path target = root.resolve("a/target");
        List<Refused> refused = write(false, target, "evilgood", file("../escaped", "evil"), file("sub/good", "good"));

        assertThat(refused)
                .singleElement()
                .satisfies(one -> assertThat(one.path()).isEqualTo("../escaped"));
        assertThat(root.resolve("a/escaped")).doesNotExist();
        assertThat(target.resolve("sub/good")).hasContent("good");
    }

    @Test
    void noLinkIsWrittenThrough() throws IOException {
        Path outside = Files.createDirectory(root.resolve("outside"));
        Path victim = Files.writeString(root.resolve("victim"), "mine");
        Path target = Files.createDirectory(root.resolve("target"));
        Files.createSymbolicLink(target.resolve("there"), outside);
        Files.createSymbolicLink(target.resolve("file"), victim);

        List<Refused> refused = write(
                false,
                target,
                "onetwothree",
                file("there/x", "one"),
                file("file", "two"),
                link("new", "/etc"),
                file("new/y", "three"));

        assertThat(refused).extracting(Refused::path).containsExactly("there/x", "new/y");
        assertThat(outside).isEmptyDirectory();
        assertThat(victim).hasContent("mine");
        assertThat(Files.isSymbolicLink(target.resolve("file"))).isFalse();
        assertThat(target.resolve("file")).hasContent("two");
    }

    @Test
    void aSingleFileGoesWhereItIsWanted() throws IOException {
        Path into = Files.createDirectory(root.resolve("into"));
        assertThat(write(true, into, "x", file("name", "x"))).isEmpty();
        assertThat(into.resolve("name")).hasContent("x");
        assertThat(write(true, root.resolve("other"), "y", file("name", "y"))).isEmpty();
        assertThat(root.resolve("other")).hasContent("y");
    }

    @Test
    void readsWithoutFollowingALink() throws Exception {
        Path from = Files.createDirectories(root.resolve("from/deep"));
        Files.writeString(from.resolve("file"), "content");
        Files.createSymbolicLink(root.resolve("from/link"), root);
        assertThat(from.resolve("file").toFile().setExecutable(true)).isTrue();
        new ProcessBuilder("mkfifo", root.resolve("from/pipe").toString())
                .start()
                .waitFor();

        FileCollection.Kept kept = collected(root.resolve("from"), "ignored");

        assertThat(kept.manifest().entries())
                .extracting(Entry::path, Entry::kind)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("deep", Kind.DIRECTORY),
                        org.assertj.core.groups.Tuple.tuple("deep/file", Kind.FILE),
                        org.assertj.core.groups.Tuple.tuple("link", Kind.LINK));
        assertThat(kept.manifest().refused()).extracting(Refused::path).containsExactly("pipe");
        assertThat(collected(from.resolve("file"), "renamed").manifest().entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.path()).isEqualTo("renamed");
                    assertThat(entry.executable()).isTrue();
                });
    }

    private FileCollection.Kept collected(Path source, String name) throws IOException {
        try (FileCollection collection = new FileCollection(artifacts, root)) {
            LocalFiles.collect(source, name, collection);
            return collection.keep();
        }
    }

    @Test
    void leavesNoScratchBehindAndBoundsItsList() throws IOException {
        @Nullable FileManifest read;
        try (FileCollection collection = new FileCollection(artifacts, root)) {
            for (int i = 0; i < FileManifest.MOST_REFUSED + 5; i++) {
                collection.refuse("r" + i, "no");
            }
            FileCollection.Kept kept = collection.keep();
            assertThat(kept.refused()).isEqualTo(FileManifest.MOST_REFUSED + 5);
            read = FileCollection.read(artifacts, kept.digest());
        }
        assertThat(read.refused()).hasSize(FileManifest.MOST_REFUSED);
        try (var left = Files.list(root)) {
            assertThat(left.filter(path -> path.toString().endsWith(".scratch")))
                    .isEmpty();
        }
        assertThat(Files.exists(root.resolve("artifacts"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }
}
