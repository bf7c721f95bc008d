package dev.airlock.worker;

import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a worker needs to know.
 *
 * @param home where Airlock is installed; {@code sandbox-init/target/sandbox-init} lies below it
 * @param host name of this sandbox host, the same after a restart; part of a task queue's name
 * @param sandboxSlots sandboxes at a time
 * @param takeOver ends another worker of this installation that holds the daemon
 */
public record WorkerConfig(
        StateDirectory state, Endpoints endpoints, Path home, String host, int sandboxSlots, boolean takeOver) {
    private static final int SANDBOXES_PER_PROCESSOR = 2;

    /** This machine's name, and two sandboxes for each processor. */
    public static WorkerConfig onThisMachine(StateDirectory state, Endpoints endpoints, Path home, boolean takeOver) {
        int slots = SANDBOXES_PER_PROCESSOR * Runtime.getRuntime().availableProcessors();
        return new WorkerConfig(state, endpoints, home, machineName(), slots, takeOver);
    }

    /** The engine that {@code dev} chose, by name; empty when it chose none. */
    Optional<String> engine() {
        return Optional.ofNullable(endpoints.engine()).map(EngineIdentity::name);
    }

    /** {@code AIRLOCK_HOST}, else what the machine calls itself. */
    public static String machineName() {
        String own = System.getenv().getOrDefault("AIRLOCK_HOST", "");
        String name = own.isEmpty() ? hostName() : own;
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
