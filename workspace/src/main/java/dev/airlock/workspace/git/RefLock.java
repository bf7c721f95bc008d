package dev.airlock.workspace.git;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One writer of refs per repository, among all processes of this machine. The operating system frees the lock when its
 * holder dies, which git's own {@code *.lock} files do not.
 */
final class RefLock {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /**
     * The operating system's lock belongs to the process and is lost when any descriptor of the file is closed, so threads
     * take turns before they open it.
     */
    private static final Map<Path, ReentrantLock> TURNS = new ConcurrentHashMap<>();

    private final Path file;

    RefLock(Path repository) throws IOException {
        this.file = repository.toRealPath().resolve("airlock.lock");
    }

    <T> T hold(Work<T> work) throws IOException {
        ReentrantLock turn = TURNS.computeIfAbsent(file, unused -> new ReentrantLock());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            if (!turn.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                acquire(channel, deadline);
                return work.run();
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for " + file).initCause(e);
        }
    }

    /** Held until the channel is closed. */
    private void acquire(FileChannel channel, long deadline) throws IOException, InterruptedException {
        while (channel.tryLock() == null) {
            if (System.nanoTime() > deadline) {
                throw busy();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private IOException busy() {
        return new IOException("another process has held " + file + " for " + PATIENCE.toSeconds()
                + " s; look for a hanging worker of this state directory");
    }

    /** What is done under the lock. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }
}
