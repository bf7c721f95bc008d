package dev.airlock.starter.trigger;

import dev.airlock.platform.failure.PlatformException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Temporal is there. Who meets it away asks to have it looked at; while it is away one thread looks for it, and everybody
 * else waits.
 */
final class TemporalGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalGate.class);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LAST = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(250);

    private final Runnable probe;
    private boolean open = true;
    private boolean closed;
    private long looked = System.nanoTime() - Duration.ofHours(1).toNanos();

    /** @param probe throws a {@link PlatformException} when Temporal does not answer */
    TemporalGate(Runnable probe) {
        this.probe = probe;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /**
     * Looks whether it is there, unless somebody has just looked.
     *
     * @return whether it is
     */
    synchronized boolean look() {
        if (!open || System.nanoTime() - looked < MOMENT.toNanos()) {
            return open;
        }
        open = answers();
        looked = System.nanoTime();
        if (!open) {
            LOG.warn("Temporal is away: no request is taken until it is back");
            Thread.ofVirtual().name("trigger-probe").start(this::search);
        }
        return open;
    }

    private boolean answers() {
        try {
            probe.run();
            return true;
        } catch (PlatformException e) {
            return false;
        }
    }

    private void search() {
        Duration pause = FIRST;
        while (waits(pause)) {
            if (answers()) {
                opened();
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LAST) < 0 ? pause.multipliedBy(2) : LAST;
        }
    }

    private synchronized boolean waits(Duration pause) {
        long deadline = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis(); !closed && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !closed;
    }

    private synchronized void opened() {
        open = true;
        looked = System.nanoTime();
        LOG.info("Temporal is back");
        notifyAll();
    }

    /** Waits while it is away and the record is wanted. */
    void await(Standing standing) throws InterruptedException {
        while (!isOpen() && standing.wanted()) {
            standing.pause(MOMENT);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
