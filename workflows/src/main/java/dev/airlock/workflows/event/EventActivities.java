package dev.airlock.workflows.event;

import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.Traceparent;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What steps that wait and steps that send need of the world. */
@ActivityInterface(namePrefix = "Event_")
public interface EventActivities {

    /** Whether an event is the one that a step waits for. Short and repeatable. */
    MatchResult match(MatchRequest request);

    /**
     * Writes an event to a topic and returns once all replicas have it. The same request makes the same bytes under the
     * same id, so a retry makes a copy that readers can drop.
     */
    SendResult send(SendRequest request);

    /**
     * The event, and what it must meet.
     *
     * @param condition in CEL
     * @param data JSON text, whatever its sender wrote
     */
    record MatchRequest(String condition, String source, String type, String data) {}

    /**
     * What came of it.
     *
     * @param trouble why it could not be decided, which counts as no; absent when it could
     */
    record MatchResult(boolean matches, @Nullable String trouble) {}

    /**
     * What to send.
     *
     * @param time workflow time
     * @param traceparent the run's trace, absent when it has none
     */
    record SendRequest(
            String installation,
            StepAttempt at,
            Instant time,
            Outgoing message,
            @Nullable String traceparent) {
        public SendRequest {
            traceparent = Traceparent.orNull(traceparent);
        }
    }

    /** What a pipeline says that is to be sent. */
    record Outgoing(String topic, String type, String data) {}

    /** Where it is kept now. */
    record SendResult(String id, int partition, long offset) {}
}
