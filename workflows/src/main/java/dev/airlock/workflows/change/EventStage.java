package dev.airlock.workflows.change;

import dev.airlock.workflows.event.EventActivities.MatchRequest;
import dev.airlock.workflows.event.EventActivities.MatchResult;
import dev.airlock.workflows.event.EventActivities.Outgoing;
import dev.airlock.workflows.event.EventActivities.SendRequest;
import dev.airlock.workflows.event.EventActivities.SendResult;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Waits for what happens elsewhere, and tells others what happens here. */
final class EventStage {
    private final ChangeRequest request;
    private final RunRecord record;
    private final EventInbox events;
    private final Attendant attendant;
    private final Checks checks;

    EventStage(ChangeRequest request, RunRecord record, EventInbox events, Attendant attendant, Checks checks) {
        this.request = request;
        this.record = record;
        this.events = events;
        this.attendant = attendant;
        this.checks = checks;
    }

    /** Passes with the first event that meets the condition, be it one that came before the step. */
    StepEnd await(Step step, StepUse.Wait use) {
        StepAttempt at = record.begin(step, StepState.WAITING);
        Instant deadline = RunRecord.now().plus(use.timeout());
        Seen seen = new Seen();
        while (true) {
            RunEvent event = search(at, use, seen);
            if (event != null) {
                events.take(event);
                record.waitsBecause(null);
                record.leaveWaiting();
                record.finish(
                        at, Verdict.PASSED, "released by " + event.id(), Map.of("event", EventInbox.describe(event)));
                return new StepEnd.Passed();
            }
            record.waitsBecause("waits for an event " + use.type());
            record.enter(RunState.WAITING_EVENT);
            if (!RunRecord.now().isBefore(deadline)) {
                return late(at, use, seen);
            }
            answerUntil(deadline, use, seen);
        }
    }

    /** Tells, once all replicas have it. */
    StepEnd send(Step step, StepUse.Emit use) {
        StepAttempt at = record.begin(step, StepState.RUNNING);
        ChangeRequest.Origin origin = request.origin();
        SendRequest asked = new SendRequest(
                origin.installation(),
                at,
                RunRecord.now(),
                new Outgoing(use.topic(), use.type(), use.data()),
                origin.traceparent());
        SendResult sent = attendant.attend(() -> StepOptions.send(at.label()).send(asked));
        Map<String, Object> event = new TreeMap<>(Map.of(
                "id", sent.id(),
                "type", use.type(),
                "topic", use.topic(),
                "partition", sent.partition(),
                "offset", sent.offset()));
        record.finish(at, Verdict.PASSED, use.type() + " sent to " + use.topic(), Map.of("event", event));
        return new StepEnd.Passed();
    }

    /** What was looked at and is not what the step waits for. */
    private static final class Seen {
        private final Set<RunEvent> events = new HashSet<>();
        private @Nullable String last;
    }

    private @Nullable RunEvent search(StepAttempt at, StepUse.Wait use, Seen seen) {
        for (RunEvent event = events.first(use.type(), seen.events);
                event != null;
                event = events.first(use.type(), seen.events)) {
            if (use.match() == null) {
                return event;
            }
            MatchRequest asked = new MatchRequest(use.match(), event.source(), event.type(), event.data());
            MatchResult result = checks.ask(
                    () -> StepOptions.matchAtOnce(at.label()).match(asked),
                    () -> StepOptions.match(at.label()).match(asked));
            if (result.matches()) {
                return event;
            }
            seen.events.add(event);
            seen.last = Lines.shorten(
                    event.id() + (result.trouble() == null ? " does not match" : ": " + result.trouble()));
        }
        return null;
    }

    private void answerUntil(Instant deadline, StepUse.Wait use, Seen seen) {
        Message message = attendant.next(deadline, () -> events.first(use.type(), seen.events) != null);
        Ending over = message == null ? null : attendant.answer(message);
        if (over != null) {
            throw new RunOver(over);
        }
    }

    private StepEnd late(StepAttempt at, StepUse.Wait use, Seen seen) {
        String why = "no event " + use.type() + " came within " + use.timeout()
                + (seen.last == null ? "" : " that matches; the last one, " + seen.last);
        record.waitsBecause(null);
        record.finish(at, Verdict.RED, null, why);
        return new StepEnd.Ends(Ending.of(Outcome.EXPIRED, why));
    }
}
