package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A demo that runs, in a directory of its own instead of the system's one for temporary files. */
final class DemoProcess implements AutoCloseable {
    /** Bit of SIGINT in the kernel's set of ignored signals. */
    private static final long SIGINT = 1L << 1;

    private final Process process;
    private final Path directory;
    private String installation = "";

    private DemoProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    static DemoProcess start(Path directory, Map<String, String> environment, List<String> options) throws IOException {
        Files.createDirectories(directory.resolve("tmp"));
        List<String> command =
                new ArrayList<>(List.of(Airlock.HOME.resolve("airlock").toString(), "demo"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("AIRLOCK_JAVA_OPTS", "-Djava.io.tmpdir=" + directory.resolve("tmp"));
        builder.environment().putAll(environment);
        return new DemoProcess(builder.start(), directory);
    }

    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("the demo does not end: " + out() + err())
                .isTrue();
        return process.exitValue();
    }

    /** Whether a file is there in the state directory; something in it, if it is a directory. */
    boolean made(String file) {
        assertThat(process.isAlive()).as(out() + err()).isTrue();
        for (Path state : children(directory.resolve("tmp"))) {
            Path id = state.resolve("installation");
            if (Files.exists(id)) {
                installation = read(id).strip();
            }
            Path wanted = state.resolve(file);
            if (Files.isDirectory(wanted) ? !children(wanted).isEmpty() : Files.exists(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Its id, as far as it was seen. */
    String installation() {
        return installation;
    }

    void signal(String name) throws IOException, InterruptedException {
        // Who started the tests in the background made them, and so the demo, deaf for SIGINT.
        String heard = name.equals("INT") && ignoresInterrupts() ? "TERM" : name;
        new ProcessBuilder("kill", "-" + heard, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private static boolean ignoresInterrupts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
    }

    void assertNothingIsLeft() throws IOException {
        assertThat(children(directory.resolve("tmp"))).as("directories").isEmpty();
        assertThat(Files.readString(Path.of("/proc/mounts"))).as("mounts").doesNotContain(directory.toString());
        Airlock.await(() -> processes().isEmpty(), "processes are left: " + processes());
        if (!installation.isEmpty()) {
            assertThat(Containers.docker("ps", "-aq", "--filter", "label=dev.airlock.installation=" + installation))
                    .as("containers")
                    .isEmpty();
        }
    }

    /** What runs and names our directory on its command line. */
    private List<String> processes() {
        return children(Path.of("/proc")).stream()
                .filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                .map(entry -> commandLine(entry.resolve("cmdline")))
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    /** It may have ended while we looked. */
    private static String commandLine(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** The one object on stdout. */
    JsonNode answer() throws IOException {
        return Payloads.mapper().readTree(out());
    }

    String out() {
        return read(directory.resolve("out"));
    }

    String err() {
        return read(directory.resolve("err"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
