package dev.airlock.platform.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What was opened, closed in reverse order, also after a half-failed start.
 *
 * <p>Thread-safe. Closing twice does nothing the second time. A closeable that fails does not keep the others open: the
 * first failure is thrown at the end, the rest hang on it as suppressed.
 */
public final class Lifecycle implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean closed;

    /**
     * Takes charge of {@code closeable} and returns it, so that it is registered on the line that makes it.
     *
     * @throws IllegalStateException if this has been closed; then {@code closeable} has been closed as well
     */
    public <T extends AutoCloseable> T register(T closeable) {
        synchronized (open) {
            if (!closed) {
                open.push(closeable);
                return closeable;
            }
        }
        IllegalStateException late = new IllegalStateException("registered after close: " + closeable);
        try {
            closeable.close();
        } catch (Exception e) {
            late.addSuppressed(e);
        }
        throw late;
    }

    /**
     * Closes what is open, the last first, each to its end before the next.
     *
     * @throws IllegalStateException if some of it failed to close; everything has been tried
     */
    @Override
    public void close() {
        synchronized (open) {
            closed = true;
        }
        IllegalStateException failure = null;
        for (AutoCloseable next = poll(); next != null; next = poll()) {
            failure = closeOne(next, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private @Nullable AutoCloseable poll() {
        synchronized (open) {
            return open.poll();
        }
    }

    private static @Nullable IllegalStateException closeOne(
            AutoCloseable closeable, @Nullable IllegalStateException earlier) {
        try {
            closeable.close();
            return earlier;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (earlier == null) {
                return new IllegalStateException(closeable + " did not close: " + e, e);
            }
            earlier.addSuppressed(e);
            return earlier;
        }
    }
}
