package dev.airlock.activities.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends every sandbox of the installation that outlived its deadline: the one end that does not depend on what runs inside,
 * nor on anybody waiting for it.
 */
final class DeadlineWatch implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    /** sandbox-init ends by itself 10 s after the deadline; who collects then must not be disturbed. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final SandboxEngine engine;
    private final String installation;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sandbox deadlines");
        thread.setDaemon(true);
        return thread;
    });

    DeadlineWatch(SandboxEngine engine, String installation) {
        this.engine = engine;
        this.installation = installation;
    }

    void start() {
        // look() catches everything, so the future has nothing to say.
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            endOverdue(Instant.now());
        } catch (IOException | RuntimeException e) {
            LOG.debug("cannot look for overdue sandboxes now", e);
        }
    }

    /** One that cannot be removed now keeps none of the others; it is tried again at the next look. */
    void endOverdue(Instant now) throws IOException {
        for (SandboxEngine.Listed sandbox : engine.list(installation)) {
            if (sandbox.deadline().plus(GRACE).isBefore(now)) {
                LOG.warn(
                        "{} of {} outlived its deadline {}; removing it",
                        sandbox.name(),
                        sandbox.run(),
                        sandbox.deadline());
                remove(sandbox.name());
            }
        }
    }

    private void remove(String name) {
        try {
            engine.remove(name);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be removed now, and is tried again in {}: {}", name, EVERY, e.toString());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
