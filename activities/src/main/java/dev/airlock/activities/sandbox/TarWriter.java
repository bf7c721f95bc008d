package dev.airlock.activities.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An uncompressed archive without times, so that the same content is the same bytes. */
final class TarWriter implements Closeable {
    private final TarArchiveOutputStream tar;

    TarWriter(OutputStream out) {
        tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    void file(String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = entry(name, mode, TarArchiveEntry.LF_NORMAL);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    void file(String name, int mode, long size, InputStream content) throws IOException {
        TarArchiveEntry entry = entry(name, mode, TarArchiveEntry.LF_NORMAL);
        entry.setSize(size);
        tar.putArchiveEntry(entry);
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    void directory(String name, int mode) throws IOException {
        tar.putArchiveEntry(entry(name + "/", mode, TarArchiveEntry.LF_DIR));
        tar.closeArchiveEntry();
    }

    void link(String name, String target) throws IOException {
        TarArchiveEntry entry = entry(name, 0777, TarArchiveEntry.LF_SYMLINK);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, int mode, byte kind) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setModTime(0L);
        return entry;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
