package dev.airlock.starter.deadletter;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters, for a person: which there are, what they hold, and what becomes of them. The topic itself says what is open: a
 * letter is, until a settlement stands behind it. One thread at a time.
 */
public final class DeadLetterBox implements AutoCloseable {
    /** No record is larger: what a letter names may be anything. */
    private static final int LARGEST = 32 * 1024 * 1024;

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final KafkaClients kafka;
    private final ArtifactStore artifacts;
    private final LetterRecords records;
    private @Nullable Producer<byte[], byte[]> producer;

    public DeadLetterBox(KafkaClients kafka, ArtifactStore artifacts, String installation) {
        this.kafka = kafka;
        this.artifacts = artifacts;
        this.records = new LetterRecords(installation);
    }

    /**
     * A letter without its bytes.
     *
     * @param settled what became of it; absent while it is open
     */
    public record Entry(
            String id,
            Cause cause,
            String text,
            int attempt,
            Instant time,
            DeadLetter.Origin origin,
            DeadLetter.@Nullable Claimed event,
            long size,
            @Nullable Settlement settled) {
        private Entry settledBy(Settlement settlement) {
            return settled != null ? this : new Entry(id, cause, text, attempt, time, origin, event, size, settlement);
        }
    }

    /** All letters, oldest first; a copy of one that is known counts as that one. */
    public List<Entry> list() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        scan((partition, read) -> {
            switch (read) {
                case LetterRecords.Read.Dead dead ->
                    entries.putIfAbsent(dead.letter().id(), entry(dead.letter()));
                case LetterRecords.Read.Settled settled ->
                    entries.computeIfPresent(
                            settled.settlement().letter(), (id, entry) -> entry.settledBy(settled.settlement()));
            }
        });
        return entries.values().stream()
                .sorted(Comparator.comparing(Entry::time))
                .toList();
    }

    private static Entry entry(DeadLetter letter) {
        return new Entry(
                letter.id(),
                letter.cause(),
                letter.text(),
                letter.attempt(),
                letter.time(),
                letter.origin(),
                letter.event(),
                letter.size(),
                null);
    }

    /** @throws AirlockException {@code NOT_FOUND} */
    public DeadLetter get(String id) {
        Map<String, DeadLetter> found = new HashMap<>();
        eachOf(Set.of(id), (partition, letter) -> found.putIfAbsent(id, letter));
        DeadLetter letter = found.get(id);
        if (letter == null) {
            throw new AirlockException(ErrorCode.NOT_FOUND, "no dead letter " + id, id, "`airlock dlq list --all`");
        }
        return letter;
    }

    /**
     * Sends the originals again, each as it came, and settles its letter. Killed between the two, a letter stays open; sent again, the
     * original is absorbed, since it has its id still.
     *
     * @return those that were sent
     */
    public List<String> replay(Set<String> ids, Principal by) {
        List<String> sent = new ArrayList<>();
        eachOf(ids, (partition, letter) -> {
            if (sent.contains(letter.id())) {
                return;
            }
            acknowledged(original(letter));
            settle(partition, new Settlement(letter.id(), Settlement.How.REPLAYED, by, Instant.now(), null));
            sent.add(letter.id());
        });
        return sent;
    }

    /** Gives letters up. Who may do so and what is told of it is the caller's concern. */
    public List<String> discard(Set<String> ids, Principal by, @Nullable String reason) {
        Map<String, Integer> places = new LinkedHashMap<>();
        eachOf(ids, (partition, letter) -> places.putIfAbsent(letter.id(), partition));
        places.forEach((id, partition) ->
                settle(partition, new Settlement(id, Settlement.How.DISCARDED, by, Instant.now(), reason)));
        return List.copyOf(places.keySet());
    }

    private interface Each {
        void take(int partition, DeadLetter letter);
    }

    private void eachOf(Set<String> ids, Each each) {
        scan((partition, read) -> {
            if (read instanceof LetterRecords.Read.Dead dead
                    && ids.contains(dead.letter().id())) {
                each.take(partition, dead.letter());
            }
        });
    }

    private void scan(LetterScan.Sink sink) {
        try (LetterScan scan = new LetterScan(kafka)) {
            scan.read(sink);
        }
    }

    private ProducerRecord<byte[], byte[]> original(DeadLetter letter) {
        try {
            DeadLetter.Envelope envelope = envelope(letter.original());
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(Topics.REQUESTS, envelope.key(), value(letter.original()));
            for (DeadLetter.Header header : envelope.headers()) {
                record.headers().add(header.name(), header.value());
            }
            return record;
        } catch (IOException e) {
            throw Translations.of(e, "the original of " + letter.id(), letter.id());
        }
    }

    /** The value as it came; absent for a tombstone. */
    public byte @Nullable [] value(DeadLetter.Original original) throws IOException {
        return original.valueArtifact() == null ? original.value() : artifact(original.valueArtifact());
    }

    /** Key and headers as they came. */
    public DeadLetter.Envelope envelope(DeadLetter.Original original) throws IOException {
        return original.envelopeArtifact() == null
                ? Objects.requireNonNull(original.envelope(), "envelope")
                : Payloads.mapper().readValue(artifact(original.envelopeArtifact()), DeadLetter.Envelope.class);
    }

    private byte[] artifact(Digest digest) throws IOException {
        try (InputStream in = artifacts.open(digest)) {
            byte[] original = in.readNBytes(LARGEST + 1);
            if (original.length > LARGEST) {
                throw new IOException("the artifact " + digest + " is larger than any record");
            }
            return original;
        }
    }

    private void settle(int partition, Settlement settlement) {
        acknowledged(LetterRecords.structured(
                new ProducerRecord<>(Topics.DEAD_LETTERS, partition, null, records.value(settlement))));
    }

    private void acknowledged(ProducerRecord<byte[], byte[]> record) {
        if (producer == null) {
            producer = kafka.forwarder("airlock-dead-letter-box");
        }
        try {
            producer.send(record).get();
        } catch (ExecutionException | KafkaException e) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "Kafka at " + kafka.bootstrap() + " does not take a record of " + record.topic() + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage(),
                    record.topic(),
                    "see its log; what was not acknowledged is still open",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE, "interrupted", record.topic(), "try again", e);
        }
    }

    /** Ids that are open and of that cause, if one is given. */
    public static Set<String> open(List<Entry> entries, @Nullable Cause cause) {
        return entries.stream()
                .filter(entry -> entry.settled() == null && (cause == null || entry.cause() == cause))
                .map(Entry::id)
                .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(FAREWELL);
        }
    }
}
