package dev.airlock.system.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node of the cluster: a process of its own, that can be killed, stopped in mid-thought and started again. */
public final class Broker implements AutoCloseable {
    private static final String LOGGING = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private final String name;
    private final Path directory;
    private @Nullable Process process;

    Broker(String name, Path directory, Map<String, String> settings) throws IOException {
        this.name = name;
        this.directory = directory;
        Files.createDirectories(directory);
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(settings).forEach((key, value) -> lines.append(key + "=" + value + "\n"));
        Files.writeString(directory.resolve("server.properties"), lines);
        Files.writeString(directory.resolve("logback.xml"), LOGGING);
    }

    /** Starts it on what it kept; {@link KafkaCluster#awaitReplicas} tells when it serves. */
    public void start() {
        if (alive()) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.add("-Dlogback.configurationFile=" + directory.resolve("logback.xml"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "kafka.Kafka"));
        command.add(directory.resolve("server.properties").toString());
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(name + " does not start", e);
        }
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    /** At once, by its process id; what it has acknowledged is in the kernel's hands. */
    public void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        awaitEnd(process);
    }

    /** It neither answers nor leaves, as a machine that swaps or a virtual one that is being moved. */
    public void pause() {
        signal("STOP");
    }

    /** It goes on, and does what its sockets have kept for it. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        if (process == null) {
            throw new IllegalStateException(name + " does not run");
        }
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError(name + " takes no signal " + signal);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What it has to say of its troubles. */
    public String log() throws IOException {
        Path log = directory.resolve("log");
        return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    }

    private void awaitEnd(Process ending) {
        try {
            if (!ending.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " (pid " + ending.pid() + ") does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Killed: nothing of a test's cluster is worth an orderly end. */
    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name;
    }
}
