package dev.airlock.system;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.Payloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The launcher, on a state directory of its own, the way a user types it. Ends whatever it started. */
final class Airlock implements AutoCloseable {
    static final Path HOME =
            Path.of(System.getProperty("airlock.home", "..")).toAbsolutePath().normalize();
    static final Path ORDERS = HOME.resolve("examples/orders");

    private final Path directory;
    final Path state;
    private final List<Server> servers = new ArrayList<>();

    Airlock() throws IOException {
        directory = Files.createTempDirectory("airlock-system");
        state = directory.resolve("state");
    }

    /** A running {@code dev} or {@code worker}, and the first line it printed. */
    record Server(Process process, JsonNode ready) {
        /** At once, without any chance to tidy up. */
        void kill() {
            process.destroyForcibly();
            await(() -> !process.isAlive(), "the killed process is still there");
        }

        /** In order; one that stands still goes on first, or it would never hear of it. */
        int stop() {
            if (process.isAlive() && isStopped()) {
                resume();
            }
            process.destroy();
            await(() -> !process.isAlive(), "the process does not end");
            return process.exitValue();
        }

        /** As a machine that is paused: it keeps its connections, its locks and what it has in hand. */
        void pause() {
            signal("STOP");
            awaitStopped();
        }

        void awaitStopped() {
            await(this::isStopped, "the process does not stand still");
        }

        boolean isStopped() {
            try {
                return Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                        .contains(") T ");
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** It goes on, and knows nothing of the time in between. */
        void resume() {
            signal("CONT");
        }

        private void signal(String signal) {
            try {
                int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor();
                if (code != 0) {
                    throw new AssertionError("kill -" + signal + " answered " + code);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        void awaitDeath() {
            await(() -> !process.isAlive(), "the process lives on");
        }
    }

    Path scratch(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** Runs a command to its end, with {@code -o json}. */
    Answer run(String... words) {
        return run(Map.of(), words);
    }

    Answer run(Map<String, String> environment, String... words) {
        List<String> command = command("-o", "json");
        command.addAll(List.of(words));
        try {
            Path out = Files.createTempFile(directory, "out", "");
            Path err = Files.createTempFile(directory, "err", "");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(4, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + String.join(" ", words) + "\n" + Files.readString(err));
            }
            return new Answer(
                    String.join(" ", words), process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + String.join(" ", words), e);
        }
    }

    /** Runs a command that must succeed. */
    Answer ok(String... words) {
        return run(words).expectExit(0);
    }

    Server dev(String... options) {
        return server(Map.of(), "dev", options);
    }

    Server dev(Map<String, String> environment, String... options) {
        return server(environment, "dev", options);
    }

    Server worker(String... options) {
        return server(Map.of(), "worker", options);
    }

    Server worker(Map<String, String> environment) {
        return server(environment, "worker");
    }

    /** What takes requests from Kafka. */
    Server requestServer(Map<String, String> environment) {
        return server(environment, "server");
    }

    /** A worker that dies at once when it comes to one of these points. */
    Server workerWithFailpoint(String points) {
        return server(Map.of("AIRLOCK_FAILPOINTS", points), "worker");
    }

    private Server server(Map<String, String> environment, String name, String... options) {
        List<String> command = command("-o", "json");
        command.add(name);
        command.addAll(List.of(options));
        try {
            Path err = Files.createTempFile(directory, name, ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String first = lines.readLine();
            if (first == null) {
                process.waitFor(10, TimeUnit.SECONDS);
                throw new AssertionError(name + " did not get ready:\n" + Files.readString(err));
            }
            Server server = new Server(process, Payloads.mapper().readTree(first));
            servers.add(server);
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name + " started", e);
        }
    }

    private List<String> command(String... options) {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("airlock").toString(), "--state", state.toString()));
        command.addAll(List.of(options));
        return command;
    }

    JsonNode status(String run) {
        return ok("status", run).json();
    }

    void awaitStatus(String run, java.util.function.Predicate<JsonNode> condition, String otherwise) {
        await(() -> condition.test(status(run)), otherwise);
    }

    /** Live output of a step attempt, as the worker writes it. */
    Path output(String run, String step, int attempt) {
        return state.resolve("output").resolve(run).resolve(step).resolve(Integer.toString(attempt));
    }

    static void await(BooleanSupplier condition, String otherwise) {
        await(condition, otherwise, Duration.ofSeconds(90));
    }

    static void await(BooleanSupplier condition, String otherwise, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(otherwise);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    /** In order, the last one first. */
    void stopAllBut(Server kept) {
        for (Server server : servers.reversed()) {
            if (!server.equals(kept) && server.process().isAlive()) {
                server.stop();
            }
        }
    }

    /** In order, the last one first. */
    void stopServers() {
        for (Server server : servers.reversed()) {
            if (server.process().isAlive()) {
                server.stop();
            }
        }
    }

    @Override
    public void close() throws IOException {
        stopServers();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
