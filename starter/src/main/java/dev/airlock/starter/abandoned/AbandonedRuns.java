package dev.airlock.starter.abandoned;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.service.ServerService;
import dev.airlock.starter.temporal.ClosedRuns;
import dev.airlock.starter.temporal.ClosedRuns.Closed;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, time and again, for runs that Temporal closed from outside (terminated, timed out), closes their trail, and tells how
 * they ended. Any number of servers may do so at a time. It waits some minutes after a run's end, since a worker that has not
 * noticed yet may still write what it knew.
 */
final class AbandonedRuns implements ServerService {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedRuns.class);

    /** Runs that are remembered as settled; a forgotten one is looked at again, which changes nothing. */
    private static final int MOST_SETTLED = 10_000;

    /** A search may show a run's end that much later. */
    private static final Duration VISIBLE = Duration.ofMinutes(10);

    private final ClosedRuns runs;
    private final TrailCloser closer;
    private final AbandonedConfig config;
    private final Set<String> settled = new LinkedHashSet<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("abandoned-runs").factory());
    private @Nullable Instant lookedAt;

    AbandonedRuns(ClosedRuns runs, TrailCloser closer, AbandonedConfig config) {
        this.runs = runs;
        this.closer = closer;
        this.config = config;
    }

    /** Not on the service in memory, which lists nothing. */
    @Override
    public void start() {
        if (!config.looks()) {
            return;
        }
        long every = config.every().toMillis();
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Instant begun = Instant.now();
        try {
            if (lookOnce(begun.minus(config.after()))) {
                lookedAt = begun;
            }
        } catch (PlatformException | AirlockException e) {
            // Temporal or Kafka is away, so there is no use in trying the next one.
            LOG.warn("abandoned runs are not closed yet: {}", e.getMessage());
        } catch (RuntimeException e) {
            // The next round must come whatever this one met.
            LOG.error("looking for abandoned runs failed", e);
        }
    }

    /** @return whether all that was found is settled */
    private boolean lookOnce(Instant before) {
        List<Closed> found = new ArrayList<>();
        runs.all(lookedAt == null ? null : lookedAt.minus(config.after()).minus(VISIBLE), closed -> {
            if (!settled.contains(closed.incarnation()) && closed.ended().isBefore(before)) {
                found.add(closed);
            }
        });
        boolean all = true;
        for (Closed closed : found) {
            all &= !Thread.currentThread().isInterrupted() && isSettled(closed);
        }
        return all;
    }

    /** One that cannot be settled does not keep the others from it. */
    private boolean isSettled(Closed closed) {
        try {
            settle(closed);
            return true;
        } catch (PlatformException | AirlockException e) {
            throw e;
        } catch (UncheckedIOException e) {
            LOG.warn("{} was abandoned, and its trail is not closed yet: {}", closed.run(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} was abandoned, and its trail cannot be closed", closed.run(), e);
        }
        return false;
    }

    private void settle(Closed closed) {
        if (runs.isLast(closed)) {
            runs.story(closed).filter(this::isOurs).ifPresent(story -> {
                if (closer.close(closed, story)) {
                    LOG.info("{} was abandoned: {}", closed.run(), story.reason());
                }
            });
        }
        settled.add(closed.incarnation());
        if (settled.size() > MOST_SETTLED) {
            settled.remove(settled.iterator().next());
        }
    }

    private boolean isOurs(ClosedRuns.Story story) {
        return story.request().origin().installation().equals(config.installation());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closer.close();
    }
}
