package dev.airlock.platform.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JacksonException;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the servers of an installation are: the ready line of {@code dev}, and the content of {@code endpoints.json}.
 *
 * @param pid of the Java virtual machine that serves
 * @param engine what new sandboxes run on; absent while no engine has been chosen
 * @param state the state directory, absolute
 * @param metrics where those of {@code dev} can be asked for, if a setting says so
 */
@JsonPropertyOrder({"schema", "ready", "pid", "installation", "temporal", "kafka", "engine", "state", "metrics"})
public record Endpoints(
        String schema,
        boolean ready,
        long pid,
        String installation,
        Temporal temporal,
        Kafka kafka,
        @Nullable EngineIdentity engine,
        String state,
        @Nullable String metrics) {

    /** The format's name. */
    public static final String SCHEMA = "airlock/v1";

    /** What {@code dev} is called in the directory of processes. */
    public static final String DEV = "dev";

    /**
     * @param target {@code HOST:PORT} of the frontend
     * @param kind {@code real} (the CLI's dev server), {@code memory} (the SDK's service in the process of {@code dev}) or
     *     {@code external}
     * @param ui address of the web UI, if we know one
     */
    public record Temporal(
            String target, String kind, @Nullable String ui) {
        /** One that forgets everything when its process ends. */
        public static Temporal memory(String target) {
            return new Temporal(target, "memory", null);
        }

        /** Whether it is {@link #memory}. That one never gives up waiting for a worker that had a run cached. */
        public boolean inMemory() {
            return kind.equals("memory");
        }
    }

    /**
     * @param bootstrap {@code HOST:PORT}, several separated by commas
     * @param kind {@code embedded} or {@code external}
     * @param properties file that says how to log in there, absolute; absent when it asks for no login
     */
    public record Kafka(
            String bootstrap,
            String kind,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String properties) {
        /** One that asks for no login. */
        public Kafka(String bootstrap, String kind) {
            this(bootstrap, kind, null);
        }

        /** Whether it is the one broker of {@code dev} on this machine. */
        public boolean embedded() {
            return kind.equals("embedded");
        }
    }

    /** Refuses what lacks a part. */
    public Endpoints {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(temporal, "temporal");
        Objects.requireNonNull(kafka, "kafka");
        Objects.requireNonNull(state, "state");
    }

    /** Of a {@code dev} that is asked for no metrics. */
    public Endpoints(
            String schema,
            boolean ready,
            long pid,
            String installation,
            Temporal temporal,
            Kafka kafka,
            @Nullable EngineIdentity engine,
            String state) {
        this(schema, ready, pid, installation, temporal, kafka, engine, state, null);
    }

    /** The endpoints of a {@code dev} that is ready. */
    public static Endpoints ready(
            StateDirectory state, Temporal temporal, Kafka kafka, @Nullable EngineIdentity engine) {
        return new Endpoints(
                SCHEMA,
                true,
                ProcessHandle.current().pid(),
                state.installation(),
                temporal,
                kafka,
                engine,
                state.root().toString());
    }

    /** The same with another engine. */
    public Endpoints with(EngineIdentity chosen) {
        return new Endpoints(schema, ready, pid, installation, temporal, kafka, chosen, state, metrics);
    }

    /** The same with another way to log in to Kafka. The embedded broker asks for none. */
    public Endpoints withKafkaProperties(Path file) {
        if (kafka.embedded()) {
            return this;
        }
        Kafka named =
                new Kafka(kafka.bootstrap(), kafka.kind(), file.toAbsolutePath().toString());
        return new Endpoints(schema, ready, pid, installation, temporal, named, engine, state, metrics);
    }

    /** The same with an address for metrics. */
    public Endpoints withMetrics(String address) {
        return new Endpoints(schema, ready, pid, installation, temporal, kafka, engine, state, address);
    }

    /**
     * What serves on {@code state} now.
     *
     * @throws PlatformException with code UNAVAILABLE if no {@code dev} runs there
     */
    public static Endpoints read(StateDirectory state) {
        try {
            Endpoints endpoints = Payloads.mapper().readValue(Files.readAllBytes(state.endpoints()), Endpoints.class);
            if (endpoints == null) {
                throw absent(state, state.endpoints() + " is not what dev writes", null);
            }
            boolean gone = ProcessRecord.read(state, DEV)
                    .map(dev -> dev.pid() == endpoints.pid() && !dev.isAlive())
                    .orElse(false);
            if (gone) {
                throw absent(state, "the dev on " + state + " (pid " + endpoints.pid() + ") has gone", null);
            }
            return endpoints;
        } catch (NoSuchFileException e) {
            throw absent(state, "no dev is running on " + state, null);
        } catch (JacksonException e) {
            throw absent(state, state.endpoints() + " is not what dev writes", e);
        } catch (IOException e) {
            throw absent(state, state.endpoints() + " cannot be read: " + e, e);
        }
    }

    private static PlatformException absent(StateDirectory state, String message, @Nullable Exception cause) {
        String hint = "start `airlock dev`, or name its state directory with --state DIR";
        String subject = state.toString();
        return cause == null
                ? PlatformException.of(PlatformException.Code.UNAVAILABLE, message, subject, hint)
                : PlatformException.of(PlatformException.Code.UNAVAILABLE, message, subject, hint, cause);
    }

    /** Puts this into {@code endpoints.json}, whole or not at all. */
    public void write(StateDirectory directory) throws IOException {
        AtomicFile.write(directory.endpoints(), (line() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Takes {@code endpoints.json} away. */
    public static void remove(StateDirectory directory) throws IOException {
        Files.deleteIfExists(directory.endpoints());
    }

    /** One line of JSON, without a line end. */
    public String line() {
        try {
            return Payloads.mapper().writeValueAsString(this);
        } catch (JacksonException e) {
            throw new IllegalStateException("endpoints cannot be written as JSON", e);
        }
    }
}
