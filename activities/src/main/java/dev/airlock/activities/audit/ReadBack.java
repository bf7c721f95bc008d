package dev.airlock.activities.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.audit.AuditHead.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/**
 * Reads what the audit topic holds of a run beyond its head: nothing, unless an attempt died between Kafka's acknowledgement
 * and Temporal's. Costs one question for the topic's end, and reading what other runs wrote to that partition since the head.
 * Keeps a few idle readers; safe for many threads.
 */
final class ReadBack implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final Duration UNKNOWN_START = Duration.ofDays(1);
    private static final int IDLE_READERS = 4;

    private final KafkaClients kafka;
    private final String topic;
    private final ConcurrentLinkedDeque<AuditReader> idle = new ConcurrentLinkedDeque<>();

    ReadBack(KafkaClients kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
    }

    /** The run's partition and its records there. */
    static final class Kept {
        private final int partition;
        private final List<byte[]> values = new ArrayList<>();
        private final Map<String, Long> offsets = new HashMap<>();

        private Kept(int partition) {
            this.partition = partition;
        }

        /** Nothing, where it is known that there is nothing. */
        static Kept none(int partition) {
            return new Kept(partition);
        }

        private void add(long offset, byte[] value) {
            values.add(value);
            offsets.putIfAbsent(new String(value, UTF_8), offset);
        }

        int partition() {
            return partition;
        }

        /** In the order of their offsets. */
        List<byte[]> values() {
            return values;
        }

        long offset(AuditEvent event) {
            return offsets.getOrDefault(new String(event.bytes(), UTF_8), -1L);
        }
    }

    String topic() {
        return topic;
    }

    Kept of(EmitRequest request) {
        return reading(reader -> read(request, reader));
    }

    /** Hands out the run's records up to its head, in the order of their offsets. */
    void upTo(EmitRequest request, AuditHead head, AuditReader.Sink sink) {
        reading(reader -> {
            read(request, head, reader, sink);
            return head;
        });
    }

    private <T> T reading(Function<AuditReader, T> reading) {
        AuditReader reader = idle.pollFirst();
        if (reader == null) {
            reader = new AuditReader(kafka, topic, PATIENCE);
        }
        boolean reusable = false;
        try {
            T read = reading.apply(reader);
            reusable = true;
            return read;
        } finally {
            if (reusable && idle.size() < IDLE_READERS) {
                idle.addFirst(reader);
            } else {
                reader.close();
            }
        }
    }

    private static void read(EmitRequest request, AuditHead head, AuditReader reader, AuditReader.Sink sink) {
        for (Stretch stretch : head.places() == null ? List.of(new Stretch(-1, head.offset())) : head.places()) {
            long from = stretch.from() >= 0
                    ? stretch.from()
                    : reader.offsetAt(head.partition(), oldest(request)).orElse(0L);
            reader.read(head.partition(), from, stretch.to() + 1, request.run(), sink);
        }
    }

    private static Kept read(EmitRequest request, AuditReader reader) {
        AuditHead head = request.head();
        if (head != null) {
            Kept kept = new Kept(head.partition());
            reader.read(
                    head.partition(),
                    head.offset() + 1,
                    request.run(),
                    (partition, offset, value) -> kept.add(offset, value));
            return kept;
        }
        Kept kept = new Kept(KafkaClients.partition(request.run().value(), reader.partitions()));
        reader.offsetAt(kept.partition, oldest(request))
                .ifPresent(from -> reader.read(
                        kept.partition, from, request.run(), (partition, offset, value) -> kept.add(offset, value)));
        return kept;
    }

    /** No record of the run is older. */
    private static Instant oldest(EmitRequest request) {
        Origin origin = request.origin();
        return origin == null
                ? request.entries().getFirst().time().minus(UNKNOWN_START)
                : origin.started().minus(CLOCK_SKEW);
    }

    @Override
    public void close() {
        for (AuditReader reader = idle.pollFirst(); reader != null; reader = idle.pollFirst()) {
            reader.close();
        }
    }
}
