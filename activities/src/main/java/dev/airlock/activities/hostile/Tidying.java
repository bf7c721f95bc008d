package dev.airlock.activities.hostile;

import dev.airlock.activities.sandbox.SandboxTrials;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that no sandbox of a trial outlives this process, also when somebody ends it in the middle. */
final class Tidying implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Tidying.class);

    private final Thread hook;

    Tidying(SandboxTrials trials) {
        hook = new Thread(() -> removeAll(trials), "tidying");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static void removeAll(SandboxTrials trials) {
        try {
            trials.removeAll();
        } catch (IOException e) {
            LOG.warn("sandboxes may be left: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("it is at work already", e);
        }
    }
}
