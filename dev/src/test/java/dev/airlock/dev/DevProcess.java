package dev.airlock.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.state.Endpoints;
import dev.airlock.workflows.Payloads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link DevProgram} that runs. */
final class DevProcess implements AutoCloseable {
    private final Process process;
    private final Endpoints endpoints;

    private DevProcess(Process process, Endpoints endpoints) {
        this.process = process;
        this.endpoints = endpoints;
    }

    /** Starts one and waits for its ready line. */
    static DevProcess start(Path state) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DevProgram.class.getName()));
        command.add(state.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(state.resolve("stderr").toFile())
                .start();
        String line = process.inputReader().readLine();
        assertThat(line).as("ready line").isNotNull();
        return new DevProcess(process, Payloads.mapper().readValue(line, Endpoints.class));
    }

    /** What the launcher gives a {@code dev} on this machine. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx256m"));
        if (Runtime.version().feature() >= 24) {
            flags.add("--enable-native-access=ALL-UNNAMED");
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    long pid() {
        return process.pid();
    }

    void kill() throws Exception {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Ends it in order and returns its exit code. */
    int end() throws Exception {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
