package dev.airlock.bench.processes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.bench.measure.Stopwatch;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.workflows.Payloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that serves and says so by its first line. Closing ends it in order. */
public final class Launched implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Process process;
    private final double millisToReady;
    private final JsonNode ready;
    private final Path errors;
    private final Stopwatch sinceReady = new Stopwatch();

    private Launched(Process process, double millisToReady, JsonNode ready, Path errors) {
        this.process = process;
        this.millisToReady = millisToReady;
        this.ready = ready;
        this.errors = errors;
    }

    /** A command of the launcher's, on a state directory. */
    public static Launched airlock(Path home, StateDirectory state, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("airlock").toString(), "--state", state.root().toString(), "-o", "json"));
        command.addAll(List.of(words));
        return start(command, state.root().resolve(words[0] + ".err"));
    }

    /** @param errors takes what it writes to stderr; told when it does not get ready */
    static Launched start(List<String> command, Path errors) throws IOException {
        Stopwatch watch = new Stopwatch();
        Path directory = errors.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(errors.toFile());
        builder.environment().put("AIRLOCK_BUILD", "never");
        Process process = builder.start();
        try {
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            String first = lines.readLine();
            double millis = watch.millis();
            if (first == null) {
                throw new IOException(String.join(" ", command) + " did not get ready: " + Files.readString(errors));
            }
            return new Launched(process, millis, Payloads.mapper().readTree(first), errors);
        } catch (IOException | RuntimeException e) {
            end(process);
            throw e;
        }
    }

    double millisToReady() {
        return millisToReady;
    }

    Stopwatch sinceReady() {
        return sinceReady;
    }

    /** The line. */
    public JsonNode ready() {
        return ready;
    }

    /** What it wrote to stderr last, to go at the end of a message; nothing if it was silent. */
    public String lastWords() {
        try (Stream<String> lines = Files.lines(errors)) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((earlier, later) -> later)
                    .map(line -> "; its last words: " + line)
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    /** At once, without any chance to tidy up; what it started lives on. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Processor time that it and what it started have used. */
    Duration processorTime() {
        return everyone()
                .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Memory that is resident, shared pages counted by their share. */
    double residentMegabytes() {
        return everyone().mapToLong(Launched::residentKilobytes).sum() / 1024.0;
    }

    private Stream<ProcessHandle> everyone() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static long residentKilobytes(ProcessHandle one) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + one.pid() + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        end(process);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
