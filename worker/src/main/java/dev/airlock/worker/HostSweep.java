package dev.airlock.worker;

import dev.airlock.activities.sandbox.SandboxSweep;
import dev.airlock.platform.telemetry.SandboxMetrics;
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
 * Sweeps this host for as long as its worker is up, so that no sandbox outlives its attempt by more than a minute, whoever
 * died or was terminated. A look at a host without sandboxes is one question to the engine.
 */
final class HostSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostSweep.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final SandboxSweep sweep;
    private final SandboxMetrics metrics;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("host sweep").factory());

    HostSweep(SandboxSweep sweep, SandboxMetrics metrics) {
        this.sweep = sweep;
        this.metrics = metrics;
    }

    /** Looks now, and from then on. */
    void start() {
        start(EVERY);
    }

    void start(Duration every) {
        // look() catches everything, so the future has nothing to say.
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            metrics.orphansRemoved(sweep.sweep(Instant.now()).size());
        } catch (IOException | RuntimeException e) {
            if (!timer.isShutdown()) {
                metrics.sweepFailed();
                LOG.warn("this host cannot be swept now, trying again in {} s: {}", EVERY.toSeconds(), e.toString());
            }
        }
    }

    /** Does not wait for a look that hangs. */
    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (!timer.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("a look at this host is cut off");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
