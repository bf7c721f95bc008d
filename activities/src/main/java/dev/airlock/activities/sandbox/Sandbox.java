package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.CollectCaps;
import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.FileSender;
import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.activities.sandbox.init.Root;
import dev.airlock.activities.sandbox.init.TunnelLink;
import dev.airlock.activities.sandbox.init.Window;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One single-use sandbox. Every method may be repeated; all throw {@link SandboxGone} once it has ended by itself,
 * {@link SandboxUnreachable} when it must be opened again, and {@link SandboxException} when repeating is of no use.
 *
 * <p>Closing detaches: the sandbox and what runs in it go on.
 */
public interface Sandbox extends Closeable {
    String name();

    /** The image that it was made from, as {@link SandboxSpec#image()}. */
    String image();

    /** From here on its command is killed, and soon after everything removed. */
    Instant deadline();

    /**
     * Sends files; all of them are there when this returns.
     *
     * @throws SandboxException {@code TOO_LARGE} when the sandbox's disk does not hold them
     */
    void put(Root root, FileSource files) throws IOException;

    /** What sends them. */
    interface FileSource {
        void send(FileSender to) throws IOException;
    }

    /** Starts the command unless its token was seen before, and says how it stands. */
    CommandStatus run(Command command) throws IOException;

    CommandStatus state(String token) throws IOException;

    /** Output from the offset on, waiting at most so long for some. */
    Window read(String token, long offset, Duration wait) throws IOException;

    /** Kills the command and all it left. */
    void kill(String token) throws IOException;

    /**
     * Opens the one way out: whatever connects to that port of the sandbox's loopback is a tunnel for whoever holds the link. A
     * port that is open already stays open, its tunnels end.
     */
    TunnelLink listen(int port) throws IOException;

    /** Sets the deadline inside to so much from now; the one outside stays. */
    void extend(Duration remaining) throws IOException;

    /** Walks the workspace; only when no command runs. Patterns: see {@code sandbox-init/PROTOCOL.md}; none is all. */
    void collect(CollectCaps caps, List<String> patterns, FileVisitor visitor) throws IOException;

    /**
     * Ends it and removes every trace of it; what was not collected is gone. The last of it may go a moment later, but whoever
     * asks the engine for it finds it gone.
     */
    void release() throws IOException;
}
