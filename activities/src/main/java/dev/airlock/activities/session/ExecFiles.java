package dev.airlock.activities.session;

import dev.airlock.platform.state.AtomicFile;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this host keeps of a command in an interactive sandbox: its output as it comes, and its end. The output's file is made
 * before the command is started, so where it is, the command may have run. Commands come one after the other: what is there of
 * earlier ones is in the workflow's history, and is removed.
 */
final class ExecFiles {
    private static final String RESULT = ".result.json";

    private final Path directory;
    private final Path output;
    private final Path result;

    /**
     * @param root {@code DIR/output}
     * @param owner the sandbox's id
     */
    ExecFiles(Path root, String owner, long number) {
        this.directory = directory(root, owner);
        this.output = directory.resolve(Long.toString(number));
        this.result = directory.resolve(number + RESULT);
    }

    private static Path directory(Path root, String owner) {
        return root.resolve(owner).resolve("commands");
    }

    Path output() {
        return output;
    }

    boolean mayHaveRun() {
        return Files.exists(output);
    }

    void begin() throws IOException {
        Files.createDirectories(directory);
        clear(directory, List.of(output, result));
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            parent.force(true);
        }
    }

    long length() throws IOException {
        return mayHaveRun() ? Files.size(output) : 0;
    }

    /** At its place: whoever writes the same window again changes nothing. */
    void write(long offset, ByteBuffer window) throws IOException {
        if (!window.hasRemaining()) {
            return;
        }
        try (FileChannel channel = FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long at = offset;
            while (window.hasRemaining()) {
                at += channel.write(window, at);
            }
        }
    }

    Optional<ExecOutcome> result() throws IOException {
        try {
            return Optional.of(Payloads.mapper().readValue(Files.readAllBytes(result), ExecOutcome.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void keep(ExecOutcome outcome) throws IOException {
        Files.createDirectories(directory);
        AtomicFile.write(result, Payloads.mapper().writerFor(ExecOutcome.class).writeValueAsBytes(outcome));
    }

    /** A directory for files on their way. */
    static Path scratch(Path root, String owner) throws IOException {
        return Files.createDirectories(root.resolve(owner).resolve("files"));
    }

    /** All that is there of a sandbox. */
    static void remove(Path root, String owner) throws IOException {
        Path all = root.resolve(owner);
        if (!Files.isDirectory(all)) {
            return;
        }
        try (Stream<Path> found = Files.walk(all)) {
            for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void clear(Path directory, List<Path> but) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            for (Path each : found.filter(file -> !but.contains(file)).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
