package dev.airlock.activities.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes sandboxes that nobody needs any more while their callers go on. Whoever asks for one of them meanwhile waits until
 * it is gone. What cannot be removed now is left to the sweep of the host. Thread-safe; closing waits for what was begun.
 */
final class Removals implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);
    private static final long LONGEST_SECONDS = 10;

    private final Map<String, CompletableFuture<Void>> pending = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What removes it. */
    @FunctionalInterface
    interface Removal {
        void run() throws IOException;
    }

    /** Begins the removal and returns. */
    void begin(String name, Removal removal) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        pending.put(name, gone);
        threads.execute(() -> {
            try {
                removal.run();
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} cannot be removed now, and is left to the sweep: {}", name, e.toString());
            } finally {
                pending.remove(name, gone);
                gone.complete(null);
            }
        });
    }

    /** Waits until that one is gone, if it is on its way. */
    void await(String name) {
        CompletableFuture<Void> gone = pending.get(name);
        if (gone != null) {
            await(gone);
        }
    }

    /** Waits until all that are on their way are gone. */
    void awaitAll() {
        List.copyOf(pending.values()).forEach(Removals::await);
    }

    /** The daemon answers or fails in bounded time; should it not, its next caller meets the same. */
    private static void await(CompletableFuture<Void> gone) {
        CompletableFuture<Void> bounded = gone.copy().completeOnTimeout(null, LONGEST_SECONDS, TimeUnit.SECONDS);
        bounded.join();
    }

    @Override
    public void close() {
        awaitAll();
        threads.shutdown();
    }
}
