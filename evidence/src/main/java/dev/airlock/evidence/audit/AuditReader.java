package dev.airlock.evidence.audit;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaRefusal;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads stretches of the audit topic, each up to where the topic ended when the reading began.
 *
 * <p>Bounded in memory by one fetch, and in time by {@code patience}, the longest wait without any record. Every failure is a
 * {@link PlatformException} with code UNAVAILABLE; the reader is of no use after one. One thread at a time.
 */
public final class AuditReader implements AuditSource {
    private static final Duration POLL = Duration.ofMillis(250);

    private final String bootstrap;
    private final String topic;
    private final Duration patience;
    private final Consumer<String, byte[]> consumer;

    /** Takes what is read. */
    @FunctionalInterface
    public interface Sink {
        /** A record's value as it is, with its place. */
        void take(int partition, long offset, byte[] value);
    }

    /** Connects in the background; nothing is read yet. */
    public AuditReader(KafkaClients kafka, String topic, Duration patience) {
        this.bootstrap = kafka.bootstrap();
        this.topic = topic;
        this.patience = patience;
        this.consumer = kafka.reader("airlock-audit-reader");
    }

    @Override
    public int partitions() {
        List<PartitionInfo> partitions = asked(() -> consumer.partitionsFor(topic, patience));
        if (partitions == null || partitions.isEmpty()) {
            throw unavailable("has no topic " + topic, null);
        }
        return partitions.size();
    }

    /** Offset of the first record that the broker took at {@code time} or later, absent if there is none. */
    public Optional<Long> offsetAt(int partition, Instant time) {
        TopicPartition place = new TopicPartition(topic, partition);
        Map<TopicPartition, OffsetAndTimestamp> found =
                asked(() -> consumer.offsetsForTimes(Map.of(place, time.toEpochMilli()), patience));
        return Optional.ofNullable(found.get(place)).map(OffsetAndTimestamp::offset);
    }

    /**
     * Hands out the records of a partition from an offset on, in the order of their offsets.
     *
     * @param run whose records to hand out; all, if absent
     */
    public void read(int partition, long from, @Nullable RunId run, Sink sink) {
        read(partition, from, Long.MAX_VALUE, run, sink);
    }

    /**
     * As {@link #read(int, long, RunId, Sink)}, up to an offset at most.
     *
     * @param before the first offset that is not wanted any more
     */
    public void read(int partition, long from, long before, @Nullable RunId run, Sink sink) {
        read(partition, from, before, (place, offset, key, value) -> {
            if (run == null || run.value().equals(key)) {
                sink.take(place, offset, value);
            }
        });
    }

    @Override
    public void read(int partition, long from, TopicRecords.Sink sink) {
        read(partition, from, Long.MAX_VALUE, sink);
    }

    private void read(int partition, long from, long before, TopicRecords.Sink sink) {
        TopicPartition place = new TopicPartition(topic, partition);
        long end = Math.min(
                before,
                asked(() -> consumer.endOffsets(List.of(place), patience)).getOrDefault(place, 0L));
        if (from >= end) {
            return;
        }
        asked(() -> {
            consumer.assign(List.of(place));
            consumer.seek(place, from);
            return place;
        });
        Instant givenUp = Instant.now().plus(patience);
        for (long position = from; position < end; position = asked(() -> consumer.position(place, patience))) {
            var records = asked(() -> consumer.poll(patience.compareTo(POLL) < 0 ? patience : POLL));
            if (!records.isEmpty()) {
                givenUp = Instant.now().plus(patience);
            } else if (Instant.now().isAfter(givenUp)) {
                throw unavailable("did not give the records of " + place + " from offset " + position, null);
            }
            for (ConsumerRecord<String, byte[]> record : records) {
                if (record.offset() < end) {
                    byte[] value = record.value() == null ? new byte[0] : record.value();
                    sink.take(partition, record.offset(), record.key(), value);
                }
            }
        }
    }

    /** Does not wait for a broker that is gone. */
    @Override
    public void close() {
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (KafkaException e) {
            // It is closed all the same; what failed is the farewell to the broker.
        }
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw unavailable(KafkaRefusal.in(e).map(KafkaRefusal::what).orElse("does not answer"), e);
        }
    }

    private PlatformException unavailable(String what, @Nullable KafkaException cause) {
        String message = "audit topic " + topic + ": Kafka at " + bootstrap + " " + what;
        String hint = KafkaRefusal.in(cause)
                .map(KafkaRefusal::hint)
                .orElse("start Kafka (`airlock dev` starts one and makes the topics), then try again");
        return cause == null
                ? PlatformException.of(PlatformException.Code.UNAVAILABLE, message, topic, hint)
                : PlatformException.of(PlatformException.Code.UNAVAILABLE, message, topic, hint, cause);
    }
}
