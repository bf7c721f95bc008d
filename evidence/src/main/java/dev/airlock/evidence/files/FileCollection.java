package dev.airlock.evidence.files;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.evidence.files.FileManifest.Entry;
import dev.airlock.evidence.files.FileManifest.Kind;
import dev.airlock.evidence.files.FileManifest.Refused;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects files for a {@link FileManifest}. Their content goes through one file in a scratch directory, so that memory does not
 * depend on it. Not thread-safe; closing removes the scratch file.
 */
public final class FileCollection implements Closeable {
    /** A list of a million names; a longer one is nobody's workspace. */
    private static final int LARGEST_MANIFEST = 256 << 20;

    private final ArtifactStore artifacts;
    private final Path scratch;
    private final OutputStream content;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private long more;
    private boolean any;

    /** @param directory for the scratch file; must be there */
    public FileCollection(ArtifactStore artifacts, Path directory) throws IOException {
        this.artifacts = artifacts;
        this.scratch = Files.createTempFile(directory, "files", ".scratch");
        this.content = Files.newOutputStream(scratch);
    }

    public void directory(String path) {
        entries.add(new Entry(path, Kind.DIRECTORY, false, 0, null));
    }

    public void link(String path, byte[] target) {
        entries.add(new Entry(path, Kind.LINK, false, 0, Base64.getEncoder().encodeToString(target)));
    }

    /** Reads the stream to its end. */
    public void file(String path, boolean executable, InputStream bytes) throws IOException {
        long size = bytes.transferTo(content);
        entries.add(new Entry(path, Kind.FILE, executable, size, null));
        any |= size > 0;
    }

    /** An entry that is left out. */
    public void refuse(String path, String reason) {
        if (refused.size() < FileManifest.MOST_REFUSED) {
            refused.add(new Refused(path, reason));
        } else {
            more++;
        }
    }

    /** Whether nothing was found, neither good nor bad. */
    public boolean isEmpty() {
        return entries.isEmpty() && refused.isEmpty();
    }

    /** A manifest that is kept. */
    public record Kept(Digest digest, FileManifest manifest, long refused) {}

    /** Everything is durable when this returns. */
    public Kept keep() throws IOException {
        content.close();
        Digest bytes = null;
        if (any) {
            try (InputStream in = Files.newInputStream(scratch)) {
                bytes = artifacts.put(in);
            }
        }
        return keep(artifacts, new FileManifest(FileManifest.SCHEMA, entries, refused, bytes), refused.size() + more);
    }

    /** Keeps a list whose content is kept already. */
    public static Kept keep(ArtifactStore artifacts, FileManifest manifest, long refused) throws IOException {
        Digest digest = artifacts.put(new ByteArrayInputStream(CanonicalJson.bytes(manifest)));
        return new Kept(digest, manifest, refused);
    }

    /** @throws IOException when there is none, or it is none */
    public static FileManifest read(ArtifactStore artifacts, Digest digest) throws IOException {
        if (artifacts.size(digest) > LARGEST_MANIFEST) {
            throw new IOException(digest + " is too large for a list of files");
        }
        try (InputStream in = artifacts.open(digest)) {
            @Nullable FileManifest manifest = Payloads.mapper().readValue(in, FileManifest.class);
            if (manifest == null || !FileManifest.SCHEMA.equals(manifest.schema())) {
                throw new IOException(digest + " is no list of files");
            }
            return manifest;
        }
    }

    /** The content of all files, one after the other; to be closed. */
    public static InputStream content(ArtifactStore artifacts, FileManifest manifest) throws IOException {
        Digest digest = manifest.content();
        return digest == null ? InputStream.nullInputStream() : artifacts.open(digest);
    }

    @Override
    public void close() throws IOException {
        content.close();
        Files.deleteIfExists(scratch);
    }
}
