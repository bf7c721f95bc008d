package dev.airlock.activities.audit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that this process stood still for a while: it was stopped, its machine was paused or starved. What it had in hand
 * may be somebody else's by then, and what it would write of it may have been written otherwise. Judges by the monotonic
 * clock alone. Safe for many threads.
 */
final class Standstill implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Standstill.class);
    private static final Duration BEAT = Duration.ofMillis(250);

    /** A workflow task lasts five seconds, of which what it asks before it writes takes three at most. */
    private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();

    /** After so long no workflow task is left that was begun before. */
    private static final long WARY_NANOS = Duration.ofSeconds(6).toNanos();

    private final LongSupplier clock;
    private final Thread thread;
    private long seen;
    private long waryUntil;

    Standstill() {
        this(System::nanoTime);
    }

    Standstill(LongSupplier clock) {
        this.clock = clock;
        this.seen = clock.getAsLong();
        this.waryUntil = seen;
        this.thread = Thread.ofPlatform().daemon().name("standstill").unstarted(this::beat);
    }

    /** Begins to watch. */
    Standstill start() {
        thread.start();
        return this;
    }

    /** Whether it stood still a moment ago, so that what was in hand then may be in hand still. */
    synchronized boolean isRecent() {
        look();
        return seen - waryUntil < 0;
    }

    /** To be called all the time. Whoever comes first after a standstill notices it. */
    synchronized void look() {
        long now = clock.getAsLong();
        if (now - seen > LONGEST_NANOS) {
            waryUntil = now + WARY_NANOS;
            LOG.warn("this process stood still for {} ms", TimeUnit.NANOSECONDS.toMillis(now - seen));
        }
        seen = now;
    }

    private void beat() {
        try {
            while (true) {
                Thread.sleep(BEAT);
                look();
            }
        } catch (InterruptedException e) {
            LOG.debug("nobody asks any more");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
