package dev.airlock.dev;

import dev.airlock.dev.kafka.EmbeddedKafka;
import dev.airlock.dev.ports.Ports;
import dev.airlock.dev.temporal.EmbeddedTemporal;
import dev.airlock.dev.temporal.MemoryTemporal;
import dev.airlock.dev.temporal.TemporalCommand;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one state directory, from lock to endpoints.
 *
 * <p>In order: {@link #start} brings up the servers, {@link #attach} what works on them, {@link #announce} tells the
 * others. {@link #close()} undoes that in reverse; after a half-failed start nothing is left running. After a
 * {@code kill -9} the next start ends what was left and goes on with everything that was there.
 */
public final class DevEnvironment implements AutoCloseable {
    private static final short ONE_REPLICA = 1;
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final Duration EXTERNAL = Duration.ofSeconds(15);

    /** Something that works on the servers, such as the worker. */
    @FunctionalInterface
    public interface Tenant {
        /** Starts it; what it returns is closed before the servers are. */
        AutoCloseable start(Endpoints endpoints) throws Exception;
    }

    private final StateDirectory state;
    private final Lifecycle lifecycle;
    private Endpoints endpoints;

    private DevEnvironment(StateDirectory state, Lifecycle lifecycle, Endpoints endpoints) {
        this.state = state;
        this.lifecycle = lifecycle;
        this.endpoints = endpoints;
    }

    /**
     * Brings up what the options ask for.
     *
     * @param notices takes lines for a person, now and later
     * @throws PlatformException with code UNAVAILABLE if another {@code dev} runs on the state directory or a server does
     *     not come up
     */
    public static DevEnvironment start(DevOptions options, Consumer<String> notices) {
        StateDirectory state = options.state().create();
        Lifecycle lifecycle = new Lifecycle();
        try {
            lifecycle.register(StateLock.acquire(state));
            Endpoints.remove(state);
            ProcessRecord.self(Endpoints.DEV).write(state);
            lifecycle.register(() -> ProcessRecord.remove(state, Endpoints.DEV));
            return new DevEnvironment(state, lifecycle, servers(options, lifecycle, notices));
        } catch (IOException e) {
            throw undone(lifecycle, unusable(state, e));
        } catch (RuntimeException e) {
            throw undone(lifecycle, e);
        }
    }

    private static Endpoints servers(DevOptions options, Lifecycle lifecycle, Consumer<String> notices)
            throws IOException {
        StateDirectory state = options.state();
        Ports ports = new Ports(state);
        FutureTask<Endpoints.Temporal> temporal =
                inBackground("temporal-start", () -> temporal(options, ports, lifecycle, notices));
        Endpoints.Kafka kafka;
        try {
            kafka = kafka(options, ports, lifecycle);
        } finally {
            awaitQuietly(temporal);
        }
        return Endpoints.ready(state, result(temporal), kafka, null);
    }

    private static <T> FutureTask<T> inBackground(String name, Callable<T> start) {
        FutureTask<T> task = new FutureTask<>(start);
        Thread.ofPlatform().daemon().name(name).start(task);
        return task;
    }

    /** A start that fails must not be left behind while the other one is undone. */
    private static void awaitQuietly(FutureTask<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            // result(…) reports it, unless the other start failed first.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T result(FutureTask<T> task) throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Endpoints.Temporal temporal(
            DevOptions options, Ports ports, Lifecycle lifecycle, Consumer<String> notices) throws IOException {
        return switch (options.temporal()) {
            case TemporalChoice.External external -> external(external.target());
            case TemporalChoice.Memory memory -> inMemory(ports, lifecycle, notices);
            case TemporalChoice.Real real -> own(options.state(), TemporalCommand.find(), ports, lifecycle, notices);
            case TemporalChoice.Available available -> available(options.state(), ports, lifecycle, notices);
        };
    }

    private static Endpoints.Temporal external(String target) {
        try (TemporalClients clients = TemporalClients.connect(target)) {
            clients.registerSearchAttributes(EXTERNAL);
        }
        return new Endpoints.Temporal(target, "external", null);
    }

    private static Endpoints.Temporal available(
            StateDirectory state, Ports ports, Lifecycle lifecycle, Consumer<String> notices) throws IOException {
        Optional<Path> command = TemporalCommand.look();
        if (command.isPresent()) {
            return own(state, command.get(), ports, lifecycle, notices);
        }
        if (EmbeddedTemporal.hasRuns(state)) {
            // What is kept there must not seem lost because a command is.
            throw TemporalCommand.missing();
        }
        return inMemory(ports, lifecycle, notices);
    }

    private static Endpoints.Temporal own(
            StateDirectory state, Path command, Ports ports, Lifecycle lifecycle, Consumer<String> notices)
            throws IOException {
        EmbeddedTemporal embedded = lifecycle.register(EmbeddedTemporal.start(state, command, ports, notices));
        return new Endpoints.Temporal(embedded.target(), "real", embedded.ui());
    }

    private static Endpoints.Temporal inMemory(Ports ports, Lifecycle lifecycle, Consumer<String> notices)
            throws IOException {
        MemoryTemporal memory = lifecycle.register(MemoryTemporal.start(ports));
        notices.accept(MemoryTemporal.WARNING);
        return Endpoints.Temporal.memory(memory.target());
    }

    private static Endpoints.Kafka kafka(DevOptions options, Ports ports, Lifecycle lifecycle) throws IOException {
        if (options.kafka().isPresent()) {
            Endpoints.Kafka cluster = new Endpoints.Kafka(
                    options.kafka().get(),
                    "external",
                    options.kafkaProperties()
                            .map(file -> file.toAbsolutePath().toString())
                            .orElse(null));
            KafkaClients clients = KafkaClients.of(cluster);
            clients.probe(ANSWER);
            clients.createTopics(ONE_REPLICA, EXTERNAL);
            return cluster;
        }
        EmbeddedKafka embedded = lifecycle.register(EmbeddedKafka.start(options.state(), ports));
        return new Endpoints.Kafka(embedded.bootstrap(), "embedded");
    }

    private static PlatformException unusable(StateDirectory state, IOException cause) {
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "dev cannot work on " + state + ": " + cause.getMessage(),
                state.toString(),
                "see " + state.logs() + ", or name another directory with --state DIR",
                cause);
    }

    private static RuntimeException undone(Lifecycle lifecycle, RuntimeException failure) {
        try {
            lifecycle.close();
        } catch (IllegalStateException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** Where the servers are; {@code announce} tells the others. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Starts something on the servers, to be closed before them. */
    public void attach(Tenant tenant) throws Exception {
        lifecycle.register(tenant.start(endpoints));
    }

    /** Writes {@code endpoints.json}: from now on commands find this environment. Returns what stands in it. */
    public Endpoints announce(@Nullable EngineIdentity engine) {
        return announce(engine, null);
    }

    /** As above, with where this process's metrics can be asked for. */
    public Endpoints announce(@Nullable EngineIdentity engine, @Nullable String metrics) {
        if (engine != null) {
            endpoints = endpoints.with(engine);
        }
        if (metrics != null) {
            endpoints = endpoints.withMetrics(metrics);
        }
        try {
            endpoints.write(state);
        } catch (IOException e) {
            throw unusable(state, e);
        }
        lifecycle.register(() -> Endpoints.remove(state));
        return endpoints;
    }

    /** Ends everything in reverse order of its start. */
    @Override
    public void close() {
        lifecycle.close();
    }

    /** Where the launcher stands: {@code -Dairlock.home}, else the current directory. */
    public static Path home() {
        Path home = Path.of(System.getProperty("airlock.home", "")).toAbsolutePath();
        return Files.isDirectory(home) ? home : Path.of("").toAbsolutePath();
    }
}
