package dev.airlock.activities.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.telemetry.AuditMetrics;
import dev.airlock.platform.telemetry.Telemetry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Writes CloudEvents in structured mode, each acknowledged by all replicas. Connects with the first one. Safe for many
 * threads.
 */
public final class TopicWriter implements AutoCloseable {
    private final Supplier<Producer<String, byte[]>> connect;
    private @Nullable Producer<String, byte[]> producer;

    public TopicWriter(KafkaClients kafka, String clientId) {
        this(() -> kafka.producer(clientId));
    }

    private TopicWriter(Supplier<Producer<String, byte[]>> connect) {
        this.connect = connect;
    }

    /** One that gives a record up after so long. */
    public static TopicWriter hasty(KafkaClients kafka, String clientId, Duration life) {
        return new TopicWriter(() -> kafka.hastyProducer(clientId, life));
    }

    /**
     * Sends a record, whose place is known once it is acknowledged.
     *
     * @param partition absent means the one of the key
     * @throws org.apache.kafka.common.KafkaException if it cannot even be queued
     */
    public CompletableFuture<RecordMetadata> send(String topic, @Nullable Integer partition, String key, byte[] value) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, partition, key, value);
        record.headers().add(new RecordHeader("content-type", AuditEvent.CONTENT_TYPE.getBytes(US_ASCII)));
        AuditMetrics metrics = Telemetry.current().audit();
        Future<RecordMetadata> unused = producer().send(record, (metadata, failure) -> {
            if (failure == null) {
                metrics.sent(topic, 1);
                acknowledged.complete(metadata);
            } else {
                metrics.notSent(topic, 1, failure.getClass().getSimpleName());
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }

    /** How many the topic has; asks Kafka once. */
    public int partitions(String topic) {
        return producer().partitionsFor(topic).size();
    }

    private synchronized Producer<String, byte[]> producer() {
        if (producer == null) {
            producer = connect.get();
        }
        return producer;
    }

    /** Does not wait for a broker that is gone. */
    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(2));
        }
    }
}
