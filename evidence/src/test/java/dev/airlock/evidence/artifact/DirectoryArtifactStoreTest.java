package dev.airlock.evidence.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Digest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArtifactStoreTest {
    private static final byte[] HELLO = "hello".getBytes(UTF_8);
    private static final Digest HELLO_DIGEST =
            new Digest("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

    @TempDir
    Path directory;

    private Path root;
    private DirectoryArtifactStore store;

    @BeforeEach
    void makeStore() {
        root = directory.resolve("not/yet/there");
        store = new DirectoryArtifactStore(root);
    }

    @Test
    void keepsBytesWhereTheirDigestSays() throws IOException {
        assertThat(store.put(HELLO)).isEqualTo(HELLO_DIGEST);

        assertThat(root.resolve("sha256/2c/f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))
                .hasBinaryContent(HELLO);
        assertThat(read(HELLO_DIGEST)).isEqualTo(HELLO);
        assertThat(store.size(HELLO_DIGEST)).isEqualTo(5);
        assertThat(store.has(HELLO_DIGEST)).isTrue();
        assertThat(store.verify(HELLO_DIGEST)).isTrue();
        assertNothingIncoming();
    }

    @Test
    void keepsTheEmptyArtifact() throws IOException {
        Digest digest = store.put(InputStream.nullInputStream());

        assertThat(digest).isEqualTo(CanonicalJson.sha256(new byte[0]));
        assertThat(read(digest)).isEmpty();
        assertThat(store.verify(digest)).isTrue();
    }

    @Test
    void absentIsSaidPlainly() throws IOException {
        assertThat(store.has(HELLO_DIGEST)).isFalse();
        try (Stream<Digest> all = store.list()) {
            assertThat(all).isEmpty();
        }
        assertThatThrownBy(() -> store.open(HELLO_DIGEST).close())
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(HELLO_DIGEST.value());
        assertThatThrownBy(() -> store.size(HELLO_DIGEST)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.verify(HELLO_DIGEST)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void puttingAgainLeavesTheFileAlone() throws IOException {
        store.put(HELLO);
        Object inode = Files.getAttribute(file(), "unix:ino");

        assertThat(store.put(HELLO)).isEqualTo(HELLO_DIGEST);
        assertThat(store.put(new ByteArrayInputStream(HELLO))).isEqualTo(HELLO_DIGEST);

        assertThat(Files.getAttribute(file(), "unix:ino")).isEqualTo(inode);
        assertNothingIncoming();
    }

    @Test
    void puttingAgainHealsAnAlteredFile() throws IOException {
        store.put(HELLO);
        Files.writeString(file(), "jello");

        store.put(HELLO);

        assertThat(read(HELLO_DIGEST)).isEqualTo(HELLO);
    }

    @Test
    void anAlteredArtifactIsNoticedByEveryReader() throws IOException {
        store.put(HELLO);
        for (String altered : List.of("jello", "hell", "hello!", "")) {
            Files.writeString(file(), altered);

            assertThat(store.verify(HELLO_DIGEST)).isFalse();
            assertThatThrownBy(() -> read(HELLO_DIGEST))
                    .isInstanceOf(TamperedArtifactException.class)
                    .hasMessageContaining(HELLO_DIGEST.value());
        }
    }

    @Test
    void aReaderWhoCountsBytesIsWarnedBeforeTheLastOne() throws IOException {
        store.put(HELLO);
        Files.writeString(file(), "jello");

        try (InputStream content = store.open(HELLO_DIGEST)) {
            assertThat(content.read()).isEqualTo('j');
            assertThat(content.skip(3)).isEqualTo(3);
            assertThatThrownBy(content::read).isInstanceOf(TamperedArtifactException.class);
        }
    }

    @Test
    void aStreamThatBreaksLeavesNothing() throws IOException {
        InputStream broken = new SequenceInputStream(
                new ByteArrayInputStream(new byte[100_000]), new FilterInputStream(InputStream.nullInputStream()) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        throw new IOException("cut");
                    }
                });

        assertThatThrownBy(() -> store.put(broken)).hasMessage("cut");

        assertNothingIncoming();
        try (Stream<Digest> all = store.list()) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void listsWhatIsKeptAndNothingElse() throws IOException {
        List<Digest> put = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            put.add(store.put(Integer.toString(i).getBytes(UTF_8)));
        }
        Files.writeString(root.resolve("sha256/README"), "stray");

        try (Stream<Digest> all = store.list()) {
            assertThat(all).containsExactlyInAnyOrderElementsOf(put);
        }
    }

    @Test
    void manyWritersOfTheSameContentAgree() throws Exception {
        byte[] content = new byte[300_000];
        List<Callable<Digest>> puts = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            puts.add(() -> new DirectoryArtifactStore(root).put(new ByteArrayInputStream(content)));
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Digest> put : threads.invokeAll(puts)) {
                assertThat(store.verify(put.get())).isTrue();
            }
        }
        assertNothingIncoming();
    }

    @Test
    void removesWhatAKilledProcessLeftADayAgo() throws IOException {
        store.put(HELLO);
        Path old = Files.writeString(root.resolve("incoming/1.part"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path fresh = Files.writeString(root.resolve("incoming/2.part"), "half");

        new DirectoryArtifactStore(root).put("other".getBytes(UTF_8));

        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    private Path file() {
        return root.resolve("sha256/2c/f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }

    private byte[] read(Digest digest) throws IOException {
        try (InputStream content = store.open(digest)) {
            return content.readAllBytes();
        }
    }

    private void assertNothingIncoming() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("incoming"))) {
            assertThat(files).isEmpty();
        }
    }
}
