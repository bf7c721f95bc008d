package dev.airlock.activities.validate;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells Temporal once a second that an activity is at work, whatever the activity's own thread is busy with. */
final class Heartbeats implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("validate-heartbeat").factory());

    private final ScheduledFuture<?> beating;
    private volatile @Nullable ActivityCompletionException ended;

    Heartbeats(ActivityExecutionContext activity) {
        beating = clock.scheduleAtFixedRate(() -> beat(activity), 0, 1, TimeUnit.SECONDS);
    }

    /** @throws ActivityCompletionException when the activity is cancelled or its worker shuts down */
    void check() {
        ActivityCompletionException told = ended;
        if (told != null) {
            throw told;
        }
    }

    private void beat(ActivityExecutionContext activity) {
        try {
            activity.heartbeat(null);
        } catch (ActivityCompletionException e) {
            ended = e;
            throw e; // ends the beating
        }
    }

    @Override
    public void close() {
        beating.cancel(false);
        clock.shutdownNow();
    }
}
