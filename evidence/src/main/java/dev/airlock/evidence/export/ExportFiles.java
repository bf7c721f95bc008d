package dev.airlock.evidence.export;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files of an export, wherever they are; they can be read more than once. What has no name of ours is passed over. */
@FunctionalInterface
public interface ExportFiles {
    /** Hands out each file; its content is of no use afterwards. */
    void each(Visitor visitor) throws IOException;

    /** Meets files. */
    @FunctionalInterface
    interface Visitor {
        void met(String name, InputStream content) throws IOException;
    }

    /** Names that a file of an export may have. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** Those in a directory, or in a tar archive with gzip. Neither links nor paths are followed. */
    static ExportFiles in(Path path) {
        return Files.isDirectory(path) ? visitor -> directory(path, visitor) : visitor -> archive(path, visitor);
    }

    private static void directory(Path directory, Visitor visitor) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                        && NAME.matcher(entry.getFileName().toString()).matches()) {
                    files.add(entry);
                }
            }
        }
        files.sort(null);
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                visitor.met(file.getFileName().toString(), in);
            }
        }
    }

    private static void archive(Path archive, Visitor visitor) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), 64 * 1024);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 64 * 1024))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && NAME.matcher(entry.getName()).matches()) {
                    visitor.met(entry.getName(), new StaysOpen(tar));
                }
            }
        }
    }

    /** One file of an archive: who has read it does not close the archive. */
    final class StaysOpen extends FilterInputStream {
        private StaysOpen(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // Whoever reads the archive closes it.
        }
    }
}
