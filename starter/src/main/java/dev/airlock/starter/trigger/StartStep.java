package dev.airlock.starter.trigger;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.WorkSpan;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.push.PushRequest;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Starts the run that a request asks for, once its workspace has room for it. */
final class StartStep implements Step {
    private final Starts starts;
    private final Limits limits;
    private final CloudEvent event;
    private final PushRequest push;
    private final Incoming record;
    private final @Nullable String traceparent;
    private boolean looked;

    /** @param traceparent of the record's span */
    StartStep(
            Starts starts,
            Limits limits,
            CloudEvent event,
            PushRequest push,
            Incoming record,
            @Nullable String traceparent) {
        this.starts = starts;
        this.limits = limits;
        this.event = event;
        this.push = push;
        this.record = record;
        this.traceparent = traceparent;
    }

    /**
     * What all starts share.
     *
     * @param permits starts at a time
     */
    record Limits(Quota quota, Semaphore permits) {}

    /** What waits for a permit does not count as started, so the quota is asked last. */
    @Override
    public boolean take() throws Unacceptable, InterruptedException {
        limits.permits().acquire();
        try {
            if (limits.quota().enter(push.workspace())) {
                startAndCount();
                return true;
            }
            if (isKnown()) {
                boolean unused = start();
                return true;
            }
            return false;
        } catch (PlatformException e) {
            throw Translations.of(e);
        } finally {
            limits.permits().release();
        }
    }

    /** A request that was answered before needs no room. One look is enough: what starts it later has waited for room itself. */
    private boolean isKnown() {
        if (looked) {
            return false;
        }
        boolean known = starts.isKnown(push);
        looked = true;
        return known;
    }

    private void startAndCount() throws Unacceptable {
        boolean created = false;
        try {
            created = start();
        } finally {
            if (created) {
                limits.quota().started(push.workspace());
            } else {
                limits.quota().leave(push.workspace());
            }
        }
    }

    /** @return whether a run was created */
    private boolean start() throws Unacceptable {
        Telemetry telemetry = Telemetry.current();
        try (WorkSpan span = telemetry.tracing().start(traceparent)) {
            Starts.Started started = starts.start(event, push.within(span.traceparent()), record);
            span.set(Attribute.RUN, started.run().value());
            if (started.created()) {
                telemetry.trigger().started(record.appended());
            } else {
                telemetry.trigger().duplicate();
            }
            return started.created();
        }
    }

    @Override
    public void giveUp() {
        starts.giveUp(event, push);
    }
}
