package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.SandboxPlace;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Temporal once a second that the job is alive and where its sandbox is, on a thread of its own, so that waiting for
 * docker never costs a heartbeat; and learns in return whether to go on.
 */
public final class Heartbeat implements StopSignal, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long EVERY_SECONDS = 1;

    private final ActivityExecutionContext context;
    private final SandboxPlace place;
    private final StopSignal process;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable ActivityCompletionException end;

    private Heartbeat(ActivityExecutionContext context, SandboxPlace place, StopSignal process) {
        this.context = context;
        this.place = place;
        this.process = process;
    }

    /**
     * Sends the first heartbeat before it returns.
     *
     * @param process whether this process goes on
     */
    public static Heartbeat start(ActivityExecutionContext context, SandboxPlace place, StopSignal process) {
        Heartbeat heartbeat = new Heartbeat(context, place, process);
        heartbeat.beat();
        Thread thread = new Thread(heartbeat::beatOn, "heartbeat " + place.container());
        thread.setDaemon(true);
        thread.start();
        return heartbeat;
    }

    private void beatOn() {
        try {
            while (end == null && !over.await(EVERY_SECONDS, TimeUnit.SECONDS)) {
                beatOrTryAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever else goes wrong with one heartbeat, the next one may be well. */
    private void beatOrTryAgain() {
        try {
            beat();
        } catch (RuntimeException e) {
            LOG.warn("a heartbeat of {} failed", place.container(), e);
        }
    }

    private void beat() {
        try {
            context.heartbeat(place);
        } catch (ActivityCompletionException e) {
            end = e;
        }
    }

    /**
     * Only a cancellation that was asked for ends the sandbox. The same exception with a cause means that Temporal could not be
     * reached for long; that, a shutdown and an activity that is no longer known all leave it to whoever comes next.
     */
    @Override
    public Stop state() {
        ActivityCompletionException seen = end;
        if (seen == null) {
            return process.state();
        }
        return seen instanceof ActivityCanceledException && seen.getCause() == null ? Stop.CANCEL : Stop.DETACH;
    }

    /** What Temporal answered, if that is why the job stopped. */
    public @Nullable ActivityCompletionException answer() {
        return end;
    }

    @Override
    public void close() {
        over.countDown();
    }
}
