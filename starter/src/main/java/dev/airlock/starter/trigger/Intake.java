package dev.airlock.starter.trigger;

import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.WorkSpan;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.CloudEvents;
import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.starter.cloudevent.Shown;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.workspace.git.Workspaces;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one record to its end: a run, an event told to a run, or a dead letter. What is merely away is waited for, in the record's
 * place; what fails again and again while all else works becomes a dead letter too.
 */
final class Intake implements PartitionWork.Taker {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final int MOST_TRIES = 12;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(20);
    private static final Duration ROOM = Duration.ofMillis(500);

    private final Starts starts;
    private final Tellings tellings;
    private final Burials burials;
    private final SourcePolicy policy;
    private final StartStep.Limits limits;
    private final TemporalGate gate;
    private final Workspaces workspaces;

    Intake(
            Starts starts,
            Tellings tellings,
            Burials burials,
            SourcePolicy policy,
            Bounds bounds,
            Workspaces workspaces) {
        this.starts = starts;
        this.tellings = tellings;
        this.burials = burials;
        this.policy = policy;
        this.limits = bounds.limits();
        this.gate = bounds.gate();
        this.workspaces = workspaces;
    }

    /** What holds a record up although nothing is wrong with it. */
    record Bounds(StartStep.Limits limits, TemporalGate gate) {}

    @Override
    public boolean take(Incoming record, Standing standing) throws InterruptedException {
        CloudEvent event;
        try {
            event = CloudEvents.read(record);
        } catch (Unacceptable e) {
            return burials.bury(record, null, e, 1, standing);
        } catch (RuntimeException e) {
            return burials.bury(record, null, bug(record, e), 1, standing);
        }
        Incoming.Place place = record.place();
        try (WorkSpan span = Telemetry.current()
                .tracing()
                .process(place.topic(), place.partition(), place.offset(), event.traceparent())) {
            return take(event, record, standing, span);
        }
    }

    private boolean take(CloudEvent event, Incoming record, Standing standing, WorkSpan span)
            throws InterruptedException {
        int tries = 0;
        try {
            Step step = step(event, record, span.traceparent());
            while (standing.wanted()) {
                gate.await(standing);
                if (!standing.wanted()) {
                    break;
                }
                try {
                    if (step.take()) {
                        Failpoints.hit("trigger.started");
                        return true;
                    }
                    standing.pause(ROOM);
                } catch (AirlockException e) {
                    tries = failed(record, step, e, tries);
                    standing.pause(backOff(tries));
                }
            }
            return false;
        } catch (Unacceptable e) {
            span.failed(e.why().name());
            return burials.bury(record, event, e, tries + 1, standing);
        } catch (RuntimeException e) {
            span.failed(Cause.INTERNAL.name());
            return burials.bury(record, event, bug(record, e), tries + 1, standing);
        }
    }

    /** A record that nobody foresaw must not stop those behind it. */
    private static Unacceptable bug(Incoming record, RuntimeException e) {
        LOG.error("{} met a bug", record.place(), e);
        return new Unacceptable(Cause.INTERNAL, "a bug of the server met this record: " + Shown.text(e.toString()));
    }

    private Step step(CloudEvent event, Incoming record, @Nullable String traceparent) throws Unacceptable {
        return switch (event.type()) {
            case Requests.TYPE -> start(event, record, traceparent);
            case RunEvents.TYPE -> {
                RunEvents.Addressed addressed = RunEvents.read(event, record.appended());
                yield () -> tellings.tell(event, addressed);
            }
            default ->
                throw new Unacceptable(
                        Cause.UNKNOWN_TYPE,
                        "the type " + Shown.text(event.type()) + " is none that is taken here; send " + Requests.TYPE
                                + " or " + RunEvents.TYPE);
        };
    }

    private Step start(CloudEvent event, Incoming record, @Nullable String traceparent) throws Unacceptable {
        ChangeRequested asked = Requests.read(event);
        policy.checkStart(event, asked);
        if (!workspaces.has(asked.workspace())) {
            throw new Unacceptable(Cause.UNKNOWN_WORKSPACE, "no workspace " + Shown.text(asked.workspace()));
        }
        return new StartStep(starts, limits, event, Requests.push(event, asked), record, traceparent);
    }

    /** @return the number of tries that count: those while Temporal is away do not */
    private int failed(Incoming record, Step step, AirlockException e, int tries) throws Unacceptable {
        if (!gate.look()) {
            return tries;
        }
        LOG.warn("{} could not be taken, try {}: {}", record.place(), tries + 1, e.text());
        if (tries + 1 >= MOST_TRIES) {
            giveUp(step);
            throw new Unacceptable(Failure.cause(e), "tried " + (tries + 1) + " times: " + e.text());
        }
        return tries + 1;
    }

    private static void giveUp(Step step) {
        try {
            step.giveUp();
        } catch (AirlockException e) {
            LOG.warn("its dedupe key stays taken until its window is over: {}", e.text());
        }
    }

    private static Duration backOff(int tries) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(tries, 10));
        return pause.compareTo(LAST_PAUSE) < 0 ? pause : LAST_PAUSE;
    }
}
