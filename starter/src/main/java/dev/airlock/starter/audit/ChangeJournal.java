package dev.airlock.starter.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.state.AtomicFile;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes of an installation's settings that were made where there was no audit trail to put them on. Each is a file in the
 * state directory, written before anything is done, as durable as what is changed; the next process that has a trail puts it
 * there and removes the file once Kafka has acknowledged it. Safe for several processes: nothing is told of a change under
 * way, and one that is told twice bears the same {@code change}.
 */
public final class ChangeJournal {
    private static final String SUFFIX = ".json";
    private static final String LOCK = "lock";

    private final Path directory;

    /** @param directory its own, made with the first change */
    public ChangeJournal(Path directory) {
        this.directory = directory;
    }

    /**
     * A change.
     *
     * @param done absent while it is under way, and for ever if its process died
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String change,
            Instant time,
            String setting,
            String name,
            String by,
            Map<String, Object> to,
            @Nullable Boolean done) {
        Entry ended(boolean made) {
            return new Entry(change, time, setting, name, by, to, made);
        }
    }

    /** As {@link SettingChanges#make}; what came of it is told later. */
    public <T> T make(
            String setting, String name, Principal by, Map<String, Object> to, SettingChanges.Change<T> change)
            throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Entry entry = new Entry(UUID.randomUUID().toString(), now, setting, name, by.value(), to, null);
        Files.createDirectories(directory);
        try (FileChannel channel = lockFile()) {
            // Held until the channel is closed, also by the death of this process.
            if (!channel.lock().isValid()) {
                throw new IOException("cannot lock " + directory);
            }
            // Names sort by time, so that changes are told in their order.
            Path file = directory.resolve(now.toEpochMilli() + "-" + entry.change() + SUFFIX);
            write(file, entry);
            boolean done = false;
            try {
                T made = change.make();
                done = true;
                return made;
            } finally {
                write(file, entry.ended(done));
            }
        }
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void write(Path file, Entry entry) throws IOException {
        AtomicFile.write(file, Payloads.mapper().writeValueAsBytes(entry));
    }

    /**
     * Puts on the trail what is not there yet; while a change is under way it leaves that for the next time.
     *
     * @return how many changes that were
     * @throws dev.airlock.platform.failure.PlatformException with code UNAVAILABLE if Kafka does not acknowledge it
     */
    public int tell(ServerTrail trail) throws IOException {
        if (files().isEmpty()) {
            return 0;
        }
        try (FileChannel channel = lockFile();
                FileLock lock = channel.tryLock()) {
            return lock == null ? 0 : tellAll(trail);
        } catch (OverlappingFileLockException e) {
            return 0;
        }
    }

    private int tellAll(ServerTrail trail) throws IOException {
        List<Path> files = files();
        for (Path file : files) {
            tell(Payloads.mapper().readValue(Files.readAllBytes(file), Entry.class), trail);
            Files.deleteIfExists(file);
        }
        return files.size();
    }

    private static void tell(Entry entry, ServerTrail trail) {
        Map<String, Object> data = new TreeMap<>(Map.of(
                "setting",
                entry.setting(),
                "name",
                entry.name(),
                "by",
                entry.by(),
                "change",
                entry.change(),
                "at",
                entry.time().toString()));
        Map<String, Object> intended = new TreeMap<>(data);
        intended.put("to", new TreeMap<>(entry.to()));
        trail.record("setting.intended", intended);
        if (entry.done() != null) {
            trail.record(entry.done() ? "setting.changed" : "setting.unchanged", data);
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return files;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*" + SUFFIX)) {
            entries.forEach(files::add);
        }
        files.sort(null);
        return files;
    }
}
