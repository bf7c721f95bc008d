package dev.airlock.starter.deadletter;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.workflows.id.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be taken, with all that is needed to send it again: the data of a {@code dev.airlock.request.dead.v1}.
 *
 * @param id follows from place and content: the same record makes the same letter
 * @param text what is wrong, for a person
 * @param attempt how often it was tried
 * @param event what it said that it is, if it said so legibly
 * @param traceparent as it came; never interpreted
 */
@JsonPropertyOrder({"id", "cause", "text", "attempt", "time", "origin", "event", "traceparent", "size", "original"})
public record DeadLetter(
        String id,
        Cause cause,
        String text,
        int attempt,
        Instant time,
        Origin origin,
        @Nullable Claimed event,
        @Nullable String traceparent,
        long size,
        Original original) {
    /** Refuses what none of ours is: everybody may write to the topic who may write letters. */
    public DeadLetter {
        if (!id.matches("letter-[0-9a-f]{20}")) {
            throw new IllegalArgumentException("not the id of a dead letter");
        }
        Stream.of(cause, text, time, origin, original).forEach(Objects::requireNonNull);
    }

    /**
     * Where it stood.
     *
     * @param appended when the broker took it
     */
    public record Origin(String topic, int partition, long offset, Instant appended) {
        public Origin {
            Stream.of(topic, appended).forEach(Objects::requireNonNull);
        }
    }

    /** Its attributes, by its own word. */
    public record Claimed(
            @Nullable String source,
            @Nullable String id,
            @Nullable String type) {}

    /**
     * Its bytes. Small ones are here, others are artifacts.
     *
     * @param value absent for a tombstone, and when it is an artifact
     * @param valueArtifact the value's own bytes
     * @param envelope absent when it is an artifact
     * @param envelopeArtifact the JSON of an {@link Envelope}
     */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record Original(
            byte @Nullable [] value,
            @Nullable Digest valueArtifact,
            @Nullable Envelope envelope,
            @Nullable Digest envelopeArtifact) {
        public Original {
            if (envelope == null && envelopeArtifact == null) {
                throw new IllegalArgumentException("a dead letter lacks its envelope");
            }
        }
    }

    /** Key and headers: data, of which nothing is believed. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record Envelope(byte @Nullable [] key, List<Header> headers) {
        public Envelope {
            headers = List.copyOf(headers);
        }
    }

    /** One header; names may repeat. */
    @SuppressWarnings("ArrayRecordComponent") // carried, never compared
    public record Header(String name, byte @Nullable [] value) {
        public Header {
            Objects.requireNonNull(name);
        }
    }
}
