package dev.airlock.dev.temporal;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** One life of the child process. */
final class TemporalServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final long LOG_BYTES = 8L * 1024 * 1024;
    private static final int TAIL = 2_000;

    /** Somebody else listens on one of the ports. */
    static final class PortTaken extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient PlatformException report;

        PortTaken(PlatformException report) {
            super(report);
            this.report = report;
        }

        PlatformException report() {
            return report;
        }
    }

    private final Process process;
    private final ProcessRecord record;
    private final int port;
    private final int uiPort;
    private final long started = System.nanoTime();

    private TemporalServer(Process process, ProcessRecord record, int port, int uiPort) {
        this.process = process;
        this.record = record;
        this.port = port;
        this.uiPort = uiPort;
    }

    /** Starts it and waits until it can be used. */
    static TemporalServer start(StateDirectory state, Path command, int port, int uiPort)
            throws IOException, PortTaken {
        Path log = state.logs().resolve("temporal.log");
        if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
            Files.move(log, log.resolveSibling("temporal.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        Process process = new ProcessBuilder(TemporalFlags.commandLine(state, command, port, uiPort))
                .directory(state.temporal().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        ProcessRecord record =
                ProcessRecord.of(EmbeddedTemporal.NAME, process.pid()).orElse(null);
        if (record == null) {
            throw failed(process, log, logStart);
        }
        record.write(state);
        TemporalServer server = new TemporalServer(process, record, port, uiPort);
        try {
            TemporalReadiness.await(server.target(), process::isAlive);
            return server;
        } catch (PlatformException e) {
            if (!process.isAlive()) {
                throw failed(process, log, logStart);
            }
            server.close();
            throw e;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static PlatformException failed(Process process, Path log, long from) throws IOException, PortTaken {
        String said = tail(log, from);
        String lastLine = said.isBlank() ? "" : ": " + said.strip().lines().reduce("", (before, line) -> line);
        PlatformException report = PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "the Temporal server ended at its start" + lastLine,
                "temporal",
                "see " + log);
        process.destroyForcibly();
        if (said.contains("address already in use")) {
            throw new PortTaken(report);
        }
        return report;
    }

    private static String tail(Path log, long from) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(from, file.length() - TAIL));
            byte[] bytes = new byte[TAIL];
            int read = file.read(bytes);
            return read <= 0 ? "" : new String(bytes, 0, read, StandardCharsets.UTF_8);
        }
    }

    String target() {
        return "127.0.0.1:" + port;
    }

    String ui() {
        return "http://127.0.0.1:" + uiPort;
    }

    int port() {
        return port;
    }

    int uiPort() {
        return uiPort;
    }

    long pid() {
        return process.pid();
    }

    /** Waits for the end of the process and returns its exit code. */
    int awaitExit() {
        return process.onExit().join().exitValue();
    }

    boolean ranLongerThan(Duration length) {
        return System.nanoTime() - started > length.toNanos();
    }

    @Override
    public void close() {
        record.end(GRACE);
    }
}
