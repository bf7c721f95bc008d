package dev.airlock.evidence.artifact;

import com.google.errorprone.annotations.MustBeClosed;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Artifacts as files {@code ROOT/sha256/ab/cdef…}, readable by their owner alone.
 *
 * <p>New content is written to {@code ROOT/incoming}, synced, renamed into place, and the directory synced: a reader sees
 * whole files only, also after a power cut. Where a file of that digest is already there and intact it is left alone; one
 * that was altered is replaced. Half-written files that a killed process left are removed a day later.
 */
public final class DirectoryArtifactStore implements ArtifactStore {
    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final int BUFFER = 64 * 1024;

    private final Path incoming;
    private final Path kept;
    private final AtomicBoolean swept = new AtomicBoolean();

    /** Touches no file; directories are made when they are needed. */
    public DirectoryArtifactStore(Path root) {
        incoming = root.resolve("incoming");
        kept = root.resolve("sha256");
    }

    @Override
    public Digest put(byte[] content) throws IOException {
        Digest digest = CanonicalJson.sha256(content);
        if (keptIntact(digest, content.length)) {
            return digest;
        }
        return put(new ByteArrayInputStream(content));
    }

    @Override
    public Digest put(InputStream content) throws IOException {
        Path temporary = newTemporary();
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            Digest digest = copy(content, channel);
            if (keptIntact(digest, channel.size())) {
                return digest;
            }
            channel.force(true);
            makeDirectory(shelf(digest));
            Files.move(temporary, path(digest), StandardCopyOption.ATOMIC_MOVE);
            sync(shelf(digest));
            return digest;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
        FileChannel channel = channel(digest);
        try {
            return new VerifyingInputStream(Channels.newInputStream(channel), digest, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long size(Digest digest) throws IOException {
        try (FileChannel channel = channel(digest)) {
            return channel.size();
        }
    }

    @Override
    public boolean has(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    @Override
    public boolean verify(Digest digest) throws IOException {
        try (InputStream content = open(digest)) {
            content.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (TamperedArtifactException e) {
            return false;
        }
    }

    @Override
    @MustBeClosed
    public Stream<Digest> list() throws IOException {
        if (!Files.isDirectory(kept)) {
            return Stream.empty();
        }
        return Files.find(kept, 2, (path, attributes) -> attributes.isRegularFile())
                .map(path -> "sha256:" + kept.relativize(path).toString().replace("/", ""))
                .filter(name -> name.matches("sha256:[0-9a-f]{64}"))
                .map(Digest::new);
    }

    private Path path(Digest digest) {
        return shelf(digest).resolve(hex(digest).substring(2));
    }

    private Path shelf(Digest digest) {
        return kept.resolve(hex(digest).substring(0, 2));
    }

    private static String hex(Digest digest) {
        return digest.value().substring("sha256:".length());
    }

    private FileChannel channel(Digest digest) throws IOException {
        try {
            return FileChannel.open(path(digest), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(digest.value(), null, "no such artifact below " + kept);
        }
    }

    /** True only once the name is durable: another process may have renamed the file and not synced the directory yet. */
    private boolean keptIntact(Digest digest, long size) throws IOException {
        if (!has(digest) || size(digest) != size || !verify(digest)) {
            return false;
        }
        sync(shelf(digest));
        return true;
    }

    private static Digest copy(InputStream content, FileChannel target) throws IOException {
        MessageDigest hash = CanonicalJson.sha256();
        byte[] buffer = new byte[BUFFER];
        for (int count = content.read(buffer); count != -1; count = content.read(buffer)) {
            hash.update(buffer, 0, count);
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
        }
        return new Digest("sha256:" + HexFormat.of().formatHex(hash.digest()));
    }

    private Path newTemporary() throws IOException {
        makeDirectory(incoming);
        if (swept.compareAndSet(false, true)) {
            removeAbandoned();
        }
        return Files.createTempFile(incoming, "", ".part");
    }

    private void removeAbandoned() throws IOException {
        Instant oldest = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(incoming, "*.part")) {
            for (Path part : parts) {
                if (Instant.ofEpochMilli(part.toFile().lastModified()).isBefore(oldest)) {
                    Files.deleteIfExists(part);
                }
            }
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            makeDirectory(parent);
        }
        Files.createDirectories(directory);
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
