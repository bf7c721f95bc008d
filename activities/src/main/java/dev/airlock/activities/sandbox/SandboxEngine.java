package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Makes sandboxes. Thread-safe. One process per installation and machine uses one: see {@link WorkerLock}.
 *
 * <p>While it is open it ends what outlives its deadline, also when nobody waits for it.
 */
public interface SandboxEngine extends Closeable {
    EngineIdentity identity();

    /** Tells one machine's engine from another's; the same after a restart. */
    String machine();

    /**
     * What a registered image's name stands for now.
     *
     * @throws SandboxException {@code IMAGE_ABSENT} when it is not registered, or no longer there
     */
    String image(String name) throws IOException;

    /**
     * Makes the sandbox, or finds the one of that name again. Its lease is taken either way.
     *
     * @throws SandboxException {@code CONFLICT} when that name belongs to something else, {@code ISOLATION_REFUSED} when the
     *     isolation is not exactly the wanted one
     * @throws SandboxGone when it was there and has ended
     */
    Sandbox openOrAdopt(SandboxSpec spec) throws IOException;

    /**
     * Finds the sandbox again, and never makes one.
     *
     * @throws SandboxGone {@code LOST} when there is none
     * @throws SandboxException as {@link #openOrAdopt}
     */
    Sandbox adopt(SandboxSpec spec) throws IOException;

    /** Removes the sandbox of that name, whatever it does; well when there is none. */
    void remove(String name) throws IOException;

    /** Whether there is one of that name, in whatever state. */
    boolean exists(String name) throws IOException;

    /** All of the installation's sandboxes here. */
    List<Listed> list(String installation) throws IOException;

    /** A sandbox from outside. */
    record Listed(String name, String run, String state, Instant created, Instant deadline) {}

    /** Detaches from everything; ends nothing. */
    @Override
    void close() throws IOException;
}
