package dev.airlock.starter.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run's course as its audit trail tells it. A trail that cannot be read tells nothing. */
public final class TrailCourse implements RunCourse {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final KafkaClients kafka;
    private final String topic;
    private @Nullable Instant read;
    private @Nullable String over;

    /** The trail on that topic; connects when it is first asked. */
    public TrailCourse(KafkaClients kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
    }

    @Override
    public Optional<String> over(OutputRequest request) {
        Instant now = Instant.now();
        try (AuditReader reader = new AuditReader(kafka, topic, PATIENCE)) {
            RunId run = request.run();
            int partition = KafkaClients.partition(run.value(), reader.partitions());
            Optional<Long> from = read == null ? Optional.of(0L) : reader.offsetAt(partition, read.minus(CLOCK_SKEW));
            from.ifPresent(offset -> reader.read(partition, offset, run, (place, at, value) -> take(request, value)));
            read = now;
        } catch (PlatformException e) {
            // Whoever waits sits an outage out, and one who may not read the trail must not be worse off than before.
            return Optional.ofNullable(over);
        }
        return Optional.ofNullable(over);
    }

    private void take(OutputRequest request, byte[] value) {
        try {
            JsonNode event = CanonicalJson.tree(value);
            String type = event.path("type").asText();
            switch (type) {
                case "dev.airlock.run.ended.v1", "dev.airlock.run.abandoned.v1" ->
                    over = request.run() + " has ended, "
                            + event.at("/data/outcome").asText();
                case "dev.airlock.run.reset.v1" -> over = null;
                case "dev.airlock.step.completed.v1", "dev.airlock.step.lost.v1", "dev.airlock.run.attention.v1" ->
                    stepOver(request, event.path("data"), type);
                default -> {
                    // Says nothing about output.
                }
            }
        } catch (IOException e) {
            // What is no event says nothing.
        }
    }

    private void stepOver(OutputRequest request, JsonNode data, String type) {
        Integer attempt = request.attempt();
        if (attempt != null
                && data.path("attempt").asInt() == attempt
                && data.path("step").asText().equals(request.step())) {
            String how = type.equals("dev.airlock.step.lost.v1") ? " was lost" : " is over";
            over = request.run() + " " + request.step() + "/" + attempt + how;
        }
    }
}
