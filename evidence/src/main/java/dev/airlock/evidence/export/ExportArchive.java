package dev.airlock.evidence.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An export as one file: a tar archive with gzip. The same files make the same bytes. */
public final class ExportArchive {
    private ExportArchive() {}

    /** Whether a path names such a file. */
    public static boolean isNamed(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".tar.gz") || name.endsWith(".tgz");
    }

    /**
     * Puts files into an archive, which is there as a whole or not at all.
     *
     * @param files names in the directory
     */
    public static void write(Path directory, List<String> files, Path archive) throws IOException {
        Path whole = archive.toAbsolutePath();
        Path temporary = Files.createTempFile(whole.getParent(), "." + whole.getFileName(), ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary));
                    TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out, 64 * 1024))) {
                tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                for (String name : files.stream().sorted().toList()) {
                    TarArchiveEntry entry = new TarArchiveEntry(name);
                    entry.setSize(Files.size(directory.resolve(name)));
                    entry.setModTime(0);
                    tar.putArchiveEntry(entry);
                    Files.copy(directory.resolve(name), tar);
                    tar.closeArchiveEntry();
                }
            }
            Files.move(temporary, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
