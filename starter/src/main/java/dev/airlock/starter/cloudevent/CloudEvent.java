package dev.airlock.starter.cloudevent;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent 1.0 whose data is JSON, with what of its attributes means something here.
 *
 * @param time when it happened, by its producer's word
 * @param dedupeKey requests of one source and workspace that carry the same are one within a window
 * @param traceparent W3C; not checked
 * @param data missing node when the event has none
 */
public record CloudEvent(
        String source,
        String id,
        String type,
        @Nullable String subject,
        @Nullable Instant time,
        @Nullable String dedupeKey,
        @Nullable String traceparent,
        JsonNode data) {
    CloudEvent within(String trace) {
        return new CloudEvent(source, id, type, subject, time, dedupeKey, trace, data);
    }
}
