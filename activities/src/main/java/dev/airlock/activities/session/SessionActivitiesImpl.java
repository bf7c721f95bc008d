package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.Heartbeat;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.activities.sandbox.StoppedException;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.Held;
import dev.airlock.workflows.session.SessionActivities;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionException;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates between Temporal and what is done in containers. Thread-safe; close it before the worker's factory is shut down. */
public final class SessionActivitiesImpl implements SessionActivities, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionActivitiesImpl.class);

    private final SandboxEngine engine;
    private final SessionStores stores;
    private final String host;
    private volatile boolean leaving;

    /** @param host part of the queue that finds this host's containers again */
    public SessionActivitiesImpl(SandboxEngine engine, SessionStores stores, String host) {
        this.engine = engine;
        this.stores = stores;
        this.host = host;
    }

    @Override
    public Held open(OpenRequest request) {
        return alive(request.lodging(), stop -> {
            try {
                return run(stop).open(request, host);
            } catch (IOException | RuntimeException e) {
                if (!staysThere(e)) {
                    engine.remove(Container.name(request.lodging()));
                }
                throw e;
            }
        });
    }

    /** A worker that leaves is followed by another one; what belongs to somebody else is not ours. */
    private static boolean staysThere(Exception e) {
        return (e instanceof StoppedException stopped && stopped.stop() == StopSignal.Stop.DETACH)
                || (e instanceof SandboxException refused && refused.type() == FailureType.CONFLICT);
    }

    @Override
    public ExecOutcome exec(ExecRequest request) {
        return alive(request.lodging(), stop -> new ExecRun(engine, stores, request, stop).run());
    }

    @Override
    public TransferOutcome put(PutRequest request) {
        return alive(request.lodging(), stop -> run(stop).put(request));
    }

    @Override
    public TransferOutcome get(GetRequest request) {
        return alive(request.lodging(), stop -> run(stop).get(request));
    }

    @Override
    public void release(Lodging lodging) {
        boolean done = alive(lodging, stop -> {
            run(stop).release(lodging);
            return true;
        });
        LOG.debug("{} is released: {}", lodging.at().label(), done);
    }

    private SessionRun run(StopSignal stop) {
        return new SessionRun(engine, stores, stop);
    }

    private interface Work<T> {
        T with(StopSignal stop) throws IOException;
    }

    private <T> T alive(Lodging lodging, Work<T> work) {
        SandboxPlace place = new SandboxPlace(host, Container.name(lodging));
        try (Heartbeat heartbeat = Heartbeat.start(Activity.getExecutionContext(), place, this::processState)) {
            try {
                return work.with(heartbeat);
            } catch (StoppedException e) {
                throw stopped(e, heartbeat, place);
            } catch (IOException e) {
                throw failed(e, lodging);
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

    private static RuntimeException failed(IOException e, Lodging lodging) {
        String message = lodging.at().run() + ": " + e.getMessage();
        FailureType type = e instanceof SandboxException refused ? refused.type() : FailureType.UNAVAILABLE;
        return Failures.of(type, message, e);
    }

    /** Lets everything detach from its container and fail at once as {@code DETACHED}. */
    @Override
    public void close() {
        leaving = true;
    }
}
