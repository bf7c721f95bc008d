package dev.airlock.evidence.files;

import dev.airlock.workflows.id.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of files, kept as an artifact. Their bytes are one artifact beside it, one after the other in the list's order.
 *
 * @param refused what was left out, bounded
 * @param content that artifact; absent when there is no file
 */
public record FileManifest(
        String schema,
        List<Entry> entries,
        List<Refused> refused,
        @Nullable Digest content) {
    /** What this form is called. */
    public static final String SCHEMA = "airlock/files/v1";

    /** Most names that a list holds; more are counted only. */
    public static final int MOST_REFUSED = 1000;

    public FileManifest {
        entries = List.copyOf(entries);
        refused = List.copyOf(refused);
    }

    /** What an entry is. */
    public enum Kind {
        DIRECTORY,
        FILE,
        LINK
    }

    /**
     * An entry.
     *
     * @param path relative, with slashes
     * @param size of a file, in bytes
     * @param target of a link, as base64: it need not be text
     */
    public record Entry(
            String path,
            Kind kind,
            boolean executable,
            long size,
            @Nullable String target) {}

    /** An entry that was left out. */
    public record Refused(String path, String reason) {}

    /** How many files and links there are; directories come by themselves. */
    public long files() {
        return entries.stream().filter(entry -> entry.kind() != Kind.DIRECTORY).count();
    }

    /** Bytes of all files. */
    public long bytes() {
        return entries.stream().mapToLong(Entry::size).sum();
    }
}
