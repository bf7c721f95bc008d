package dev.airlock.starter.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Traceparent;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Letters and settlements as records: CloudEvents in structured mode. */
final class LetterRecords {
    static final String DEAD = "dev.airlock.request.dead.v1";
    static final String SETTLED = "dev.airlock.request.settled.v1";

    private final String source;

    LetterRecords(String installation) {
        this.source = "airlock:" + installation;
    }

    /** What one record of the topic says. */
    sealed interface Read {
        record Dead(DeadLetter letter) implements Read {}

        record Settled(Settlement settlement) implements Read {}
    }

    byte[] value(DeadLetter letter) {
        return event(DEAD, letter.id(), letter.time(), letter.traceparent(), letter);
    }

    byte[] value(Settlement settlement) {
        String id = settlement.letter() + "/" + settlement.how() + "/"
                + settlement.time().toEpochMilli();
        return event(SETTLED, id, settlement.time(), null, settlement);
    }

    private byte[] event(String type, String id, Instant time, @Nullable String traceparent, Object data) {
        ObjectNode event = Payloads.mapper().createObjectNode();
        event.put("specversion", "1.0")
                .put("id", id)
                .put("source", source)
                .put("type", type)
                .put("time", time.toString())
                .put("datacontenttype", "application/json");
        String trace = Traceparent.orNull(traceparent);
        if (trace != null) {
            event.put("traceparent", trace);
        }
        event.set("data", Payloads.mapper().valueToTree(data));
        try {
            return Payloads.mapper().writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a letter cannot be written as JSON", e);
        }
    }

    static ProducerRecord<byte[], byte[]> structured(ProducerRecord<byte[], byte[]> record) {
        record.headers()
                .add("content-type", "application/cloudevents+json".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return record;
    }

    /** Empty for what is none of ours. */
    static Optional<Read> read(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            JsonNode event = Payloads.mapper().readTree(value);
            JsonNode data = event.path("data");
            if (!data.isObject()) {
                return Optional.empty();
            }
            return switch (event.path("type").asText("")) {
                case DEAD -> Optional.of(new Read.Dead(Payloads.mapper().treeToValue(data, DeadLetter.class)));
                case SETTLED -> Optional.of(new Read.Settled(Payloads.mapper().treeToValue(data, Settlement.class)));
                default -> Optional.empty();
            };
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
