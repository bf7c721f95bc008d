package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.state.AtomicFile;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sandboxes of a state directory, one directory each, for the owner alone: what is written down of it, its fifos, what
 * bubblewrap says of it. Whole or not there at all.
 */
final class BubblewrapDirectory {
    static final String REQUESTS = "requests";
    static final String REPLIES = "replies";
    static final String STATUS = "status";
    static final String ERRORS = "errors";

    private static final String RECORD = "sandbox.json";
    private static final String REMOVAL = "removal";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final String UNFINISHED = ".new-";
    private static final String REMOVED = ".gone-";
    private static final Duration ABANDONED = Duration.ofMinutes(5);

    private final Path directory;

    BubblewrapDirectory(Path directory) {
        this.directory = directory;
    }

    Path of(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no sandbox can be named '" + name + "'");
        }
        return directory.resolve(name);
    }

    Optional<BubblewrapRecord> find(String name) throws IOException {
        try {
            byte[] json = Files.readAllBytes(of(name).resolve(RECORD));
            return Optional.of(Payloads.mapper().readValue(json, BubblewrapRecord.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether it was made now; false when the name was taken. */
    boolean create(BubblewrapRecord sandbox, Map<String, byte[]> files) throws IOException {
        Path fresh = fresh(files);
        Files.write(fresh.resolve(RECORD), Payloads.mapper().writeValueAsBytes(sandbox));
        try {
            Files.move(fresh, of(sandbox.name()), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(fresh);
            return false;
        }
    }

    /** A directory that is no sandbox yet. */
    Path fresh(Map<String, byte[]> files) throws IOException {
        Path fresh = Files.createDirectory(directory.resolve(UNFINISHED + UUID.randomUUID()));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(fresh.resolve(file.getKey()), file.getValue());
        }
        return fresh;
    }

    void write(BubblewrapRecord sandbox) throws IOException {
        AtomicFile.write(of(sandbox.name()).resolve(RECORD), Payloads.mapper().writeValueAsBytes(sandbox));
    }

    List<BubblewrapRecord> all() throws IOException {
        List<BubblewrapRecord> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (NAME.matcher(name).matches()) {
                    find(name).ifPresent(found::add);
                }
            }
        }
        return List.copyOf(found);
    }

    /** Tells everybody that its end from now on is no death of its own. Well when there is none. */
    void beginRemoval(String name) throws IOException {
        try {
            Files.write(of(name).resolve(REMOVAL), new byte[0]);
        } catch (NoSuchFileException e) {
            // Somebody else removed it.
        }
    }

    boolean isBeingRemoved(String name) {
        return Files.exists(of(name).resolve(REMOVAL));
    }

    /** Well when there is none. */
    void remove(String name) throws IOException {
        Path gone = directory.resolve(REMOVED + UUID.randomUUID());
        try {
            Files.move(of(name), gone, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        delete(gone);
    }

    /** What workers that were killed left half made or half removed. */
    void clear(Instant now) throws IOException {
        List<Path> left;
        try (Stream<Path> entries = Files.list(directory)) {
            left = entries.filter(entry -> entry.getFileName().toString().startsWith("."))
                    .toList();
        }
        for (Path entry : left) {
            if (Files.getLastModifiedTime(entry).toInstant().plus(ABANDONED).isBefore(now)) {
                delete(entry);
            }
        }
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody else deletes it.
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The process that bubblewrap started as process 1, by its own word. */
    OptionalInt started(String name) throws IOException {
        return said(name, "child-pid");
    }

    /** How process 1 ended, as a shell says it: 128 and more for a signal; empty while it runs or when nobody saw it. */
    OptionalInt exitCode(String name) throws IOException {
        return said(name, "exit-code");
    }

    private OptionalInt said(String name, String what) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(of(name).resolve(STATUS), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return OptionalInt.empty();
        }
        for (String line : lines) {
            JsonNode value = parsed(line).path(what);
            if (value.isInt()) {
                return OptionalInt.of(value.intValue());
            }
        }
        return OptionalInt.empty();
    }

    /** A line may be half written. */
    private static JsonNode parsed(String line) {
        try {
            return Payloads.mapper().readTree(line);
        } catch (JacksonException e) {
            return Payloads.mapper().missingNode();
        }
    }

    /** Whether somebody began to start it. */
    boolean wasLaunched(String name) {
        return Files.exists(of(name).resolve(STATUS));
    }

    /** What launcher and bubblewrap had to say, in one line. */
    String errors(String name) throws IOException {
        return errors(of(name));
    }

    static String errors(Path sandbox) throws IOException {
        try {
            return Files.readString(sandbox.resolve(ERRORS), StandardCharsets.ISO_8859_1)
                    .strip()
                    .replace('\n', ' ');
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
