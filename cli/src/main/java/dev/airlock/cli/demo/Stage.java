package dev.airlock.cli.demo;

import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.platform.logging.Logs;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fresh state directory and all that runs on it. {@link #clear} ends the processes and removes the sandboxes, in that
 * order, and then the directory if nobody needs it any more.
 */
final class Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);

    private final StateDirectory state;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private @Nullable String engine;

    private Stage(StateDirectory state) {
        this.state = state;
    }

    static Stage fresh() throws IOException {
        Stage stage = new Stage(
                StateDirectory.apart(Files.createTempDirectory("airlock-demo-")).create());
        Logs.toFile(stage.state, "demo");
        return stage;
    }

    StateDirectory state() {
        return state;
    }

    /** From now on sandboxes of that engine may be there. */
    void uses(String chosen) {
        engine = chosen;
    }

    /** Takes charge of something that runs. */
    <T extends AutoCloseable> T runs(T part) {
        running.push(part);
        return part;
    }

    /** Ends what runs, the last first, and removes the sandboxes; what does not end is in the log. */
    void end() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the demo did not end in order", e);
            }
        }
        removeSandboxes();
    }

    private void removeSandboxes() {
        if (engine == null) {
            return;
        }
        try (SandboxEngine open = DemoEngine.open(engine, state)) {
            for (SandboxEngine.Listed sandbox : open.list(state.installation())) {
                open.remove(sandbox.name());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("not every sandbox could be removed", e);
        }
    }

    /** Removes the directory. @return whether it has gone */
    boolean clear() {
        try {
            delete(state.root());
            return true;
        } catch (IOException e) {
            LOG.warn("{} cannot be removed", state, e);
            return false;
        }
    }

    private static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Where what happened is written down. */
    Path log() {
        return state.logs().resolve("demo.log");
    }

    /** Where the launcher and the examples are. */
    static Path home() {
        return DevEnvironment.home();
    }
}
