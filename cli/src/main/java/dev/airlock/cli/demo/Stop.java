package dev.airlock.cli.demo;

import dev.airlock.cli.session.Signals;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether somebody wants the demo to end before its time: by Ctrl-C, or by SIGTERM.
 *
 * <p>A signal alone ends nothing. The thread that tells the story looks here at every turn, undoes what it made, whatever it
 * was about, and ends the process; only if it hangs the process is ended without.
 */
final class Stop {
    private static final Duration UNDOING = Duration.ofSeconds(90);
    private static final int NOT_FOUND_OUT = 2;

    /** The story ends here. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped");
        }
    }

    private boolean wanted;
    private Runnable shortCut = () -> {};

    /** @param told called once, when the first signal has come */
    static Stop onSignals(Runnable told) {
        Stop stop = new Stop();
        Signals.onEnd(() -> stop.bySignal(told));
        return stop;
    }

    private void bySignal(Runnable told) {
        if (wanted()) {
            return;
        }
        told.run();
        want().run();
        // Whoever tells the story ends the process meanwhile.
        long end = System.nanoTime() + UNDOING.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        Runtime.getRuntime().halt(NOT_FOUND_OUT);
    }

    /** From now on it is wanted. @return what ends early what runs now */
    synchronized Runnable want() {
        wanted = true;
        notifyAll();
        return shortCut;
    }

    synchronized boolean wanted() {
        return wanted;
    }

    /** @throws Stopped if that is wanted */
    void check() {
        if (wanted()) {
            throw new Stopped();
        }
    }

    /** Waits. @throws Stopped as soon as that is wanted */
    synchronized void pause(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        while (!wanted) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Stopped();
            }
        }
        throw new Stopped();
    }

    /** Runs what takes long and cannot look here itself; a signal calls {@code shortCut} to end it early. */
    void during(Runnable work, Runnable early) {
        check();
        synchronized (this) {
            shortCut = early;
        }
        try {
            work.run();
        } finally {
            synchronized (this) {
                shortCut = () -> {};
            }
        }
    }
}
