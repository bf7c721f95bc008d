package dev.airlock.activities.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.activities.kafka.TopicWriter;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.event.EventActivities;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workspace.condition.ConditionException;
import dev.airlock.workspace.condition.EventCondition;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Decides conditions in CEL, and writes to the topics that the installation allows. */
public final class EventActivitiesImpl implements EventActivities {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TopicWriter writer;
    private final AllowedTopics allowed;

    public EventActivitiesImpl(TopicWriter writer, AllowedTopics allowed) {
        this.writer = writer;
        this.allowed = allowed;
    }

    @Override
    public MatchResult match(MatchRequest request) {
        try {
            EventCondition condition = EventCondition.compile(request.condition());
            boolean holds = condition.holds(
                    request.source(),
                    request.type(),
                    CanonicalJson.tree(request.data().getBytes(UTF_8)));
            return new MatchResult(holds, null);
        } catch (ConditionException e) {
            return new MatchResult(false, e.getMessage());
        } catch (IOException e) {
            return new MatchResult(false, "its data is no JSON");
        }
    }

    @Override
    public SendResult send(SendRequest request) {
        OutgoingEvent event = new OutgoingEvent(request);
        String topic = request.message().topic();
        if (!allowed.allows(topic)) {
            throw Failures.of(
                    FailureType.TOPIC_REFUSED,
                    request.at().label() + " may not send to " + topic + ": " + AllowedTopics.VARIABLE
                            + " of the worker names the topics that pipelines may send to; add it there, start the"
                            + " worker again, then retry",
                    null);
        }
        try {
            RecordMetadata place = writer.send(topic, null, request.at().run().value(), event.bytes())
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Failpoints.hit("event.sent");
            return new SendResult(event.id(), place.partition(), place.offset());
        } catch (ExecutionException e) {
            throw unavailable(event, topic, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | KafkaException e) {
            throw unavailable(event, topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(event, topic, e);
        } catch (IOException e) {
            throw Failures.of(FailureType.INTERNAL, "the data of " + event.id() + " is no JSON", e);
        }
    }

    private static RuntimeException unavailable(OutgoingEvent event, String topic, Throwable cause) {
        return Failures.of(
                FailureType.UNAVAILABLE,
                "event " + event.id() + " is not acknowledged by topic " + topic + ": " + cause.getMessage()
                        + "; is Kafka up, and is there such a topic?",
                cause);
    }
}
