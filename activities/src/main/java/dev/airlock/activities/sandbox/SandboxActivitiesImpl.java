package dev.airlock.activities.sandbox;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workspace.git.WorkspaceException;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import java.io.Closeable;
import java.io.IOException;

/** Translates between Temporal and {@link JobRun}. Thread-safe; close it before the worker's factory is shut down. */
public final class SandboxActivitiesImpl implements SandboxActivities, Closeable {
    private final SandboxEngine engine;
    private final SandboxStores stores;
    private final String host;
    private volatile boolean leaving;

    /** @param host part of the queue that finds this host's sandboxes again */
    public SandboxActivitiesImpl(SandboxEngine engine, SandboxStores stores, String host) {
        this.engine = engine;
        this.stores = stores;
        this.host = host;
    }

    @Override
    public SandboxResult run(SandboxJob job) {
        SandboxPlace place = new SandboxPlace(host, Names.sandbox(job.installation(), job.at()));
        try (Heartbeat heartbeat = Heartbeat.start(Activity.getExecutionContext(), place, this::processState)) {
            try {
                return new JobRun(engine, stores, job, heartbeat).run();
            } catch (StoppedException e) {
                throw stopped(e, heartbeat, place);
            } catch (IOException e) {
                throw failed(e, job, place);
            }
        }
    }

    private StopSignal.Stop processState() {
        return leaving ? StopSignal.Stop.DETACH : StopSignal.Stop.NONE;
    }

    private static RuntimeException stopped(StoppedException e, Heartbeat heartbeat, SandboxPlace place) {
        ActivityCompletionException answer = heartbeat.answer();
        if (answer instanceof ActivityCanceledException) {
            return answer;
        }
        return Failures.of(
                FailureType.DETACHED,
                "the worker on " + place.host() + " leaves; " + place.container() + " goes on and is found again there",
                e,
                place);
    }

    private static RuntimeException failed(IOException e, SandboxJob job, SandboxPlace place) {
        String message = job.at().run() + " " + job.at().label() + " in " + place.container() + ": " + e.getMessage();
        if (e instanceof SandboxException refused) {
            return Failures.of(refused.type(), message, e);
        }
        if (e instanceof WorkspaceException) {
            return Failures.of(FailureType.CORRUPT, message, e);
        }
        return Failures.of(FailureType.UNAVAILABLE, message, e);
    }

    /** Lets every job detach from its sandbox and fail at once as {@code DETACHED}, so that nobody waits for a time-out. */
    @Override
    public void close() {
        leaving = true;
    }
}
