package dev.airlock.evidence.audit;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail on Kafka: the records as they are, up to where the topic ended when the reading began.
 *
 * <p>All partitions are read, one after the other, since a topic's partitions may have grown in number since a run's records
 * were written; a run's records stand in one partition, in their order. Fails with a
 * {@link dev.airlock.platform.failure.PlatformException} of code UNAVAILABLE when Kafka does not answer.
 */
public final class AuditTrail {
    private final KafkaClients kafka;
    private final String topic;
    private final Duration patience;

    /** @param patience longest wait for Kafka without any progress */
    public AuditTrail(KafkaClients kafka, String topic, Duration patience) {
        this.kafka = kafka;
        this.topic = topic;
        this.patience = patience;
    }

    /** Every record of a run, copies that a retry wrote included. */
    public void raw(RunId run, Consumer<byte[]> sink) {
        raw(ChainId.of(run), sink);
    }

    /** Every record of a chain, copies that a retry wrote included. */
    public void raw(ChainId chain, Consumer<byte[]> sink) {
        read(chain, sink);
    }

    /** The records of a run without the copies. */
    public void distinct(RunId run, Consumer<byte[]> sink) {
        distinct(ChainId.of(run), sink);
    }

    /** The records of a chain without the copies. */
    public void distinct(ChainId chain, Consumer<byte[]> sink) {
        Set<Digest> seen = new HashSet<>();
        read(chain, value -> {
            if (seen.add(CanonicalJson.sha256(value))) {
                sink.accept(value);
            }
        });
    }

    /** Every record of every chain. */
    public void all(Consumer<byte[]> sink) {
        all().read((partition, offset, key, value) -> sink.accept(value));
    }

    /** Every record of every chain, with its place and key. */
    public TopicRecords all() {
        return sink -> read(null, sink);
    }

    private void read(ChainId run, Consumer<byte[]> sink) {
        read(run, (partition, offset, key, value) -> sink.accept(value));
    }

    private void read(@Nullable ChainId run, TopicRecords.Sink sink) {
        try (AuditReader reader = new AuditReader(kafka, topic, patience)) {
            int partitions = reader.partitions();
            for (int partition = 0; partition < partitions; partition++) {
                reader.read(partition, 0, (place, offset, key, value) -> {
                    if (run == null || run.value().equals(key)) {
                        sink.take(place, offset, key, value);
                    }
                });
            }
        }
    }
}
