package dev.airlock.activities.audit;

import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds what to write so that everything before it can be read.
 *
 * <p>Kafka shows a record when all replicas in step have it. What a worker sent right before it died may stand in the leader's
 * log and be shown only later, when another worker has read back, found nothing and told the same with another time: one id
 * with two contents. A record that is acknowledged is shown, and so is all that stands before it. Ours is a copy of a record
 * that is there already, which means nothing to any reader.
 */
final class Barrier {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final long TAIL = 50;

    private final KafkaClients kafka;
    private final String topic;

    Barrier(KafkaClients kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
    }

    /**
     * The event to copy: the run's last one if there is one, else any that stands near the partition's end; empty when nothing
     * does.
     *
     * @throws KafkaException when Kafka does not answer
     */
    Optional<ConsumerRecord<String, byte[]>> event(RunId run, @Nullable AuditHead head) {
        Consumer<String, byte[]> consumer = kafka.reader("airlock-audit-barrier");
        try {
            int partition = head == null
                    ? KafkaClients.partition(
                            run.value(), consumer.partitionsFor(topic, PATIENCE).size())
                    : head.partition();
            TopicPartition place = new TopicPartition(topic, partition);
            consumer.assign(List.of(place));
            long end = consumer.endOffsets(List.of(place), PATIENCE).getOrDefault(place, 0L);
            if (head != null && head.offset() < end) {
                List<ConsumerRecord<String, byte[]>> found = read(consumer, place, head.offset(), head.offset() + 1);
                if (!found.isEmpty() && AuditEvent.isOne(found.getFirst().value())) {
                    return Optional.of(found.getFirst());
                }
            }
            return read(consumer, place, Math.max(0, end - TAIL), end).reversed().stream()
                    .filter(record -> AuditEvent.isOne(record.value()))
                    .findFirst();
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static List<ConsumerRecord<String, byte[]>> read(
            Consumer<String, byte[]> consumer, TopicPartition place, long from, long end) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        consumer.seek(place, from);
        long givenUp = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(place, PATIENCE) < end) {
            if (System.nanoTime() > givenUp) {
                throw new KafkaException("no records of " + place + " from offset " + from + " within " + PATIENCE);
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end && record.value() != null) {
                    records.add(record);
                }
            }
        }
        return records;
    }
}
