package dev.airlock.starter.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.CloudEvent;
import dev.airlock.starter.cloudevent.Incoming;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Writes dead letters. Safe for many threads. */
public final class DeadLetters implements AutoCloseable {
    /** A value up to this is kept in the letter itself. */
    static final int INLINE_VALUE = 64 * 1024;

    private static final int INLINE_ENVELOPE = 16 * 1024;
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final ArtifactStore artifacts;
    private final LetterRecords records;
    private final Producer<byte[], byte[]> producer;

    public DeadLetters(KafkaClients kafka, ArtifactStore artifacts, String installation) {
        this.artifacts = artifacts;
        this.records = new LetterRecords(installation);
        this.producer = kafka.forwarder("airlock-dead-letters");
    }

    /**
     * Makes the letter of a record; what is large of it is durable then.
     *
     * @param event what it says that it is, as far as that could be read
     */
    public DeadLetter letter(Incoming record, @Nullable CloudEvent event, Cause cause, String text, int attempt)
            throws IOException {
        Incoming.Place place = record.place();
        return new DeadLetter(
                id(record),
                cause,
                text,
                attempt,
                Instant.now(),
                new DeadLetter.Origin(place.topic(), place.partition(), place.offset(), record.appended()),
                event == null ? null : new DeadLetter.Claimed(event.source(), event.id(), event.type()),
                event == null ? null : event.traceparent(),
                record.size(),
                original(record));
    }

    private static String id(Incoming record) {
        MessageDigest hash = CanonicalJson.sha256();
        hash.update((record.place() + "@" + record.appended().toEpochMilli() + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] value = record.value();
        hash.update(value == null ? new byte[0] : value);
        return "letter-" + HexFormat.of().formatHex(hash.digest(), 0, 10);
    }

    private DeadLetter.Original original(Incoming record) throws IOException {
        byte[] value = record.value();
        Digest valueArtifact = value == null || value.length <= INLINE_VALUE ? null : artifacts.put(value);
        List<DeadLetter.Header> headers = record.headers().stream()
                .map(item -> new DeadLetter.Header(item.name(), item.value()))
                .toList();
        DeadLetter.Envelope envelope = new DeadLetter.Envelope(record.key(), headers);
        long size = record.size() - (value == null ? 0 : value.length);
        Digest envelopeArtifact = size <= INLINE_ENVELOPE ? null : artifacts.put(json(envelope));
        return new DeadLetter.Original(
                valueArtifact == null ? value : null,
                valueArtifact,
                envelopeArtifact == null ? envelope : null,
                envelopeArtifact);
    }

    private static byte[] json(DeadLetter.Envelope envelope) {
        try {
            return Payloads.mapper().writeValueAsBytes(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an envelope cannot be written as JSON", e);
        }
    }

    /**
     * Returns when Kafka has acknowledged it.
     *
     * @param key the record's own, so that a key's letters stand in order
     * @throws PlatformException UNAVAILABLE when it was not acknowledged in time
     */
    public void send(byte @Nullable [] key, DeadLetter letter) {
        // A key so long that its envelope went to the artifacts would make the letter as large as the record was.
        byte[] shown = key != null && key.length <= INLINE_ENVELOPE ? key : null;
        acknowledged(new ProducerRecord<>(Topics.DEAD_LETTERS, shown, records.value(letter)));
    }

    private void acknowledged(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(LetterRecords.structured(record)).get();
        } catch (ExecutionException | KafkaException e) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "Kafka does not take a record of " + record.topic() + ": " + e.getMessage(),
                    record.topic(),
                    "bring Kafka back; it is tried again until then",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE, "interrupted", record.topic(), "try again", e);
        }
    }

    @Override
    public void close() {
        producer.close(FAREWELL);
    }
}
