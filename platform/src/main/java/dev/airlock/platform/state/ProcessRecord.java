package dev.airlock.platform.state;

import com.fasterxml.jackson.core.JacksonException;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that belongs to a state directory, told from a later one with the same pid by when it started.
 *
 * @param name what it is: {@code dev}, {@code temporal}, {@code worker}
 * @param pid process id
 * @param start opaque: when it started, by the kernel's word
 */
public record ProcessRecord(String name, long pid, String start) {
    private static final Duration FIRST_POLL = Duration.ofMillis(1);
    private static final Duration LAST_POLL = Duration.ofMillis(20);
    private static final Duration KILL_TAKES_AT_MOST = Duration.ofSeconds(10);

    /** Refuses what lacks a part. */
    public ProcessRecord {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(start, "start");
    }

    /** This process. */
    public static ProcessRecord self(String name) {
        return of(name, ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException("a process that runs has a start time"));
    }

    /** The live process {@code pid}; empty if there is none. */
    public static Optional<ProcessRecord> of(String name, long pid) {
        return ProcessStart.of(pid).map(start -> new ProcessRecord(name, pid, start));
    }

    /** What is written down under {@code name}; empty if nothing legible is. */
    public static Optional<ProcessRecord> read(StateDirectory state, String name) {
        try {
            return Optional.ofNullable(
                    Payloads.mapper().readValue(Files.readAllBytes(file(state, name)), ProcessRecord.class));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes this down, in place of what had the same name. */
    public void write(StateDirectory state) throws IOException {
        AtomicFile.write(file(state, name), Payloads.mapper().writeValueAsBytes(this));
    }

    /** Forgets what is written down under {@code name}. */
    public static void remove(StateDirectory state, String name) throws IOException {
        Files.deleteIfExists(file(state, name));
    }

    private static Path file(StateDirectory state, String name) {
        return state.processes().resolve(name + ".json");
    }

    /** Whether this very process runs. A zombie without threads does not: it holds no file and no port, it waits to be reaped. */
    public boolean isAlive() {
        return ProcessStart.of(pid).filter(start::equals).isPresent();
    }

    /**
     * Ends the process: asks by SIGTERM, and after {@code grace} kills.
     *
     * @return whether it has gone
     */
    public boolean end(Duration grace) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isEmpty() || !isAlive()) {
            return true;
        }
        handle.get().destroy();
        if (awaitGone(grace)) {
            return true;
        }
        handle.get().destroyForcibly();
        return awaitGone(KILL_TAKES_AT_MOST);
    }

    /** Waits for the end of the process, at most {@code limit}. */
    public boolean awaitGone(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        // A killed process is mostly gone at once; one that takes its time is not asked for it all the while.
        Duration pause = FIRST_POLL;
        while (isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(LAST_POLL) < 0 ? pause.multipliedBy(2) : LAST_POLL;
        }
        return true;
    }
}
