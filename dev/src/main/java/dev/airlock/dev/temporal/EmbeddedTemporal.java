package dev.airlock.dev.temporal;

import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Temporal dev server on a database file, as a child process on loopback.
 *
 * <p>It outlives a {@code kill -9} of this process; the next start on the same state directory ends it first. If the child
 * dies by itself it is started again on the same ports, and its clients go on. What was acknowledged survives the death of
 * the process; a power cut may take the last moments.
 */
public final class EmbeddedTemporal implements AutoCloseable {
    /** What the child is called in the directory of processes. */
    public static final String NAME = "temporal";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedTemporal.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
    private static final Duration LAST_BACK_OFF = Duration.ofSeconds(10);
    private static final int PORT_TRIES = 3;

    private final StateDirectory state;
    private final Path command;
    private final Consumer<String> notices;
    private final Thread watcher;
    private TemporalServer server;
    private boolean closing;

    private EmbeddedTemporal(StateDirectory state, Path command, Consumer<String> notices, TemporalServer server) {
        this.state = state;
        this.command = command;
        this.notices = notices;
        this.server = server;
        this.watcher = Thread.ofPlatform().daemon().name("temporal-watcher").unstarted(this::watch);
    }

    /**
     * Starts it, and returns when it answers and knows our search attributes.
     *
     * @param command the {@code temporal} command
     * @param notices takes a line for a person when the child had to be started again
     * @throws PlatformException with code UNAVAILABLE if it does not come up
     */
    public static EmbeddedTemporal start(StateDirectory state, Path command, Ports ports, Consumer<String> notices)
            throws IOException {
        endLeftover(state);
        EmbeddedTemporal embedded = new EmbeddedTemporal(state, command, notices, firstServer(state, command, ports));
        embedded.watcher.start();
        return embedded;
    }

    /** Whether an earlier one kept runs in this state directory. */
    public static boolean hasRuns(StateDirectory state) {
        return Files.exists(TemporalFlags.database(state));
    }

    /** Ends the server that a killed {@code dev} left behind; two on one database cannot be. */
    private static void endLeftover(StateDirectory state) throws IOException {
        ProcessRecord left = ProcessRecord.read(state, NAME).orElse(null);
        if (left == null) {
            return;
        }
        if (left.isAlive()) {
            LOG.info("ending the Temporal server (pid {}) that an earlier dev left behind", left.pid());
        }
        if (!left.end(GRACE)) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "the Temporal server (pid " + left.pid() + ") that an earlier dev left behind does not end",
                    state.toString(),
                    "end it: kill -9 " + left.pid());
        }
        ProcessRecord.remove(state, NAME);
    }

    private static TemporalServer firstServer(StateDirectory state, Path command, Ports ports) throws IOException {
        int port = ports.of("temporal");
        int uiPort = ports.of("temporal-ui");
        for (int i = 1; ; i++) {
            try {
                return TemporalServer.start(state, command, port, uiPort);
            } catch (TemporalServer.PortTaken e) {
                if (i == PORT_TRIES) {
                    throw e.report();
                }
                port = ports.fresh("temporal");
                uiPort = ports.fresh("temporal-ui");
            }
        }
    }

    /** {@code HOST:PORT} of the frontend; it does not change. */
    public String target() {
        return current().target();
    }

    /** Address of the web UI. */
    public String ui() {
        return current().ui();
    }

    /** Process id of the child that runs now. */
    public long pid() {
        return current().pid();
    }

    private synchronized TemporalServer current() {
        return server;
    }

    /** Restarts the child as often as it dies. */
    private void watch() {
        Duration backOff = FIRST_BACK_OFF;
        while (true) {
            TemporalServer watched = current();
            int exit = watched.awaitExit();
            synchronized (this) {
                if (closing) {
                    return;
                }
            }
            notices.accept("Temporal (pid " + watched.pid() + ") ended with " + exit + ", starting it again");
            if (watched.ranLongerThan(LAST_BACK_OFF)) {
                backOff = FIRST_BACK_OFF;
            }
            if (!revive(watched, backOff)) {
                return;
            }
            backOff = backOff.multipliedBy(2).compareTo(LAST_BACK_OFF) < 0 ? backOff.multipliedBy(2) : LAST_BACK_OFF;
        }
    }

    /** Tries until a successor runs; false if this is closed meanwhile. */
    private boolean revive(TemporalServer dead, Duration firstWait) {
        Duration wait = firstWait;
        while (pause(wait)) {
            try {
                TemporalServer successor = TemporalServer.start(state, command, dead.port(), dead.uiPort());
                return adopt(successor);
            } catch (IOException | PlatformException | TemporalServer.PortTaken e) {
                LOG.warn("Temporal did not come up again", e);
                wait = LAST_BACK_OFF;
            }
        }
        return false;
    }

    /** Waits; false if this was closed meanwhile. */
    private synchronized boolean pause(Duration length) {
        long deadline = System.nanoTime() + length.toNanos();
        while (!closing) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return true;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                return false;
            }
        }
        return false;
    }

    private synchronized boolean adopt(TemporalServer successor) {
        server = successor;
        if (closing) {
            successor.close();
            return false;
        }
        notices.accept("Temporal is back");
        return true;
    }

    /** Ends the child and waits until it has gone. */
    @Override
    public void close() throws IOException {
        TemporalServer last;
        synchronized (this) {
            closing = true;
            notifyAll();
            last = server;
        }
        last.close();
        join();
        current().close();
        ProcessRecord.remove(state, NAME);
    }

    private void join() {
        try {
            watcher.join(GRACE.plusSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
