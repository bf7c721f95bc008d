package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.core.JacksonException;
import dev.airlock.platform.state.AtomicFile;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One worker process per installation and machine: whoever attaches to a sandbox gets what its other clients get, and one
 * that stops reading stalls them all. The kernel gives the lock back when its holder dies, however it dies.
 */
public final class WorkerLock implements Closeable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final FileChannel channel;
    private final Path holder;

    private WorkerLock(FileChannel channel, Path holder) {
        this.channel = channel;
        this.holder = holder;
    }

    /**
     * Takes the lock.
     *
     * @param directory {@code DIR/locks}
     * @param machine {@link SandboxEngine#machine()}
     * @param takeOver ends a worker that holds it: asks, then kills
     * @throws SandboxException {@code CONFLICT} when another worker holds it
     */
    public static WorkerLock acquire(Path directory, String machine, boolean takeOver) throws IOException {
        Files.createDirectories(directory);
        String name = machine.replaceAll("[^A-Za-z0-9._-]", "_");
        Path file = directory.resolve(name + ".lock");
        Path holder = directory.resolve(name + ".json");
        WorkerLock lock = tryAcquire(file, holder);
        if (lock == null && takeOver) {
            read(holder).ifPresent(one -> one.end(GRACE));
            lock = tryAcquire(file, holder);
        }
        if (lock == null) {
            String who = read(holder).map(one -> " (pid " + one.pid() + ")").orElse("");
            throw new SandboxException(
                    FailureType.CONFLICT,
                    "another worker of this installation" + who + " serves " + machine
                            + "; stop it, or end it with airlock worker --take-over");
        }
        return lock;
    }

    private static @Nullable WorkerLock tryAcquire(Path file, Path holder) throws IOException {
        ProcessRecord self = ProcessRecord.self("worker");
        if (read(holder).filter(self::equals).isPresent()) {
            // Opening and closing the file once more would give up the lock that this process holds on it.
            throw new SandboxException(FailureType.CONFLICT, "this very process holds " + file);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                AtomicFile.write(holder, Payloads.mapper().writeValueAsBytes(self));
                return new WorkerLock(channel, holder);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static Optional<ProcessRecord> read(Path holder) throws IOException {
        try {
            return Optional.of(Payloads.mapper().readValue(Files.readAllBytes(holder), ProcessRecord.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** Lets the next one in; the lock's file stays, since whoever removes it would split the lock in two. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(holder);
        channel.close();
    }
}
