package dev.airlock.starter.push;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workspace.git.TreeWriter;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Makes trees of files that came without a directory. Names are judged by {@link TreeWriter}; nothing is unpacked to a disk. */
final class FilesCandidate {
    /** What a tar may hold, unpacked: its header may claim anything. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int MOST_ENTRIES = 20_000;

    private final WorkspaceRepository repository;
    private final CommitId base;

    FilesCandidate(WorkspaceRepository repository, CommitId base) {
        this.repository = repository;
        this.base = base;
    }

    TreeId tree(PushRequest.Content.Files files) throws IOException {
        try (TreeWriter writer = writer(files.whole())) {
            for (PushRequest.FileChange change : files.changes()) {
                byte[] content = change.content();
                if (content == null) {
                    writer.remove(change.path());
                } else {
                    writer.file(change.path(), change.executable(), new ByteArrayInputStream(content));
                }
            }
            return writer.finish();
        }
    }

    TreeId tree(PushRequest.Content.Archive archive, ArtifactStore artifacts) throws IOException {
        if (!artifacts.has(archive.tar())) {
            throw new AirlockException(
                    ErrorCode.NOT_FOUND,
                    "no artifact " + archive.tar(),
                    archive.tar().value(),
                    "put it there first");
        }
        try (InputStream bytes = artifacts.open(archive.tar());
                TarArchiveInputStream tar = new TarArchiveInputStream(bytes);
                TreeWriter writer = writer(archive.whole())) {
            long left = MOST_BYTES;
            int entries = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                left -= entry.getSize();
                if (++entries > MOST_ENTRIES || left < 0) {
                    throw tooLarge(archive);
                }
                add(archive, entry, tar, writer);
            }
            // The last bytes are handed out only if all of them have the digest: what follows the end mark counts too.
            bytes.transferTo(OutputStream.nullOutputStream());
            return writer.finish();
        } catch (IllegalArgumentException e) {
            throw refused(archive, "is no tar: " + e.getMessage()).causedBy(e);
        }
    }

    private static void add(
            PushRequest.Content.Archive archive, TarArchiveEntry entry, TarArchiveInputStream tar, TreeWriter writer)
            throws IOException {
        String path = entry.getName().replaceFirst("^(\\./)+", "");
        if (entry.isDirectory()) {
            return;
        }
        if (entry.isSymbolicLink()) {
            writer.link(path, entry.getLinkName().getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (!entry.isFile() || entry.isLink() || entry.isSparse()) {
            throw refused(archive, "holds what is neither file, directory nor symbolic link: " + path);
        }
        writer.file(path, (entry.getMode() & 0100) != 0, tar);
    }

    private TreeWriter writer(boolean whole) throws IOException {
        return whole ? repository.newTree() : repository.newTreeOver(base);
    }

    private static AirlockException tooLarge(PushRequest.Content.Archive archive) {
        return new AirlockException(
                ErrorCode.TOO_LARGE,
                "the archive " + archive.tar() + " unpacks to more than " + MOST_ENTRIES + " entries or "
                        + (MOST_BYTES >> 20) + " MiB",
                archive.tar().value(),
                "push it from a directory");
    }

    private static AirlockException refused(PushRequest.Content.Archive archive, String what) {
        return new AirlockException(
                ErrorCode.USAGE,
                "the archive " + archive.tar() + " " + what,
                archive.tar().value(),
                "make it with `tar -cf FILE -C DIRECTORY .`");
    }
}
