package dev.airlock.cli.demo;

import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code airlock worker} as a process of its own, to be killed. */
final class WorkerProcess implements AutoCloseable {
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts one and does not wait for it.
     *
     * @param number tells its files from another's
     */
    static WorkerProcess start(StateDirectory state, Path home, int number) throws IOException {
        List<String> line = new ArrayList<>();
        // In a session of its own a Ctrl-C reaches the demo alone, which ends it in order.
        if (Files.isExecutable(SETSID)) {
            line.add(SETSID.toString());
        }
        line.addAll(List.of(home.resolve("airlock").toString(), "--state", state.toString(), "-o", "json", "worker"));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ready(state, number).toFile())
                .redirectError(state.logs().resolve("worker-" + number + ".err").toFile());
        builder.environment().put("AIRLOCK_BUILD", "never");
        builder.environment().remove("AIRLOCK_INSTALLATION");
        return new WorkerProcess(builder.start());
    }

    private static Path ready(StateDirectory state, int number) {
        return state.logs().resolve("worker-" + number + ".out");
    }

    /** Waits until it serves. */
    void awaitReady(StateDirectory state, int number, Stop stop) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.readString(ready(state, number)).contains("\"ready\":true")) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new AirlockException(
                        ErrorCode.UNAVAILABLE,
                        "the worker does not start",
                        "worker",
                        "see worker-" + number + ".err and .out in " + state.logs());
            }
            stop.pause(POLL);
        }
    }

    long pid() {
        return process.pid();
    }

    /** With SIGKILL: no handler runs, nothing is written or said. */
    void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** In order; it lets go of its sandboxes. */
    @Override
    public void close() throws IOException {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() throws IOException {
        try {
            if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(GRACE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while worker " + process.pid() + " ended", e);
        }
    }
}
