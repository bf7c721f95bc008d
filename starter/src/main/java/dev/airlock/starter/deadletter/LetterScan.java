package dev.airlock.starter.deadletter;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaRefusal;
import dev.airlock.platform.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads the topic of dead letters from its beginning to where it ends now. Bounded in memory by one fetch. */
final class LetterScan implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(250);

    private final String bootstrap;
    private final Consumer<String, byte[]> consumer;

    /** Takes what is read, in the order of its partition. */
    @FunctionalInterface
    interface Sink {
        void take(int partition, LetterRecords.Read read);
    }

    LetterScan(KafkaClients kafka) {
        this.bootstrap = kafka.bootstrap();
        this.consumer = kafka.reader("airlock-dead-letters-reader");
    }

    void read(Sink sink) {
        List<PartitionInfo> partitions = asked(() -> consumer.partitionsFor(Topics.DEAD_LETTERS, PATIENCE));
        if (partitions == null || partitions.isEmpty()) {
            throw unavailable(new IllegalStateException("no topic " + Topics.DEAD_LETTERS));
        }
        List<TopicPartition> places = partitions.stream().map(LetterScan::place).toList();
        Map<TopicPartition, Long> ends = asked(() -> consumer.endOffsets(places, PATIENCE));
        asked(() -> {
            consumer.assign(places);
            consumer.seekToBeginning(places);
            return places;
        });
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (places.stream().anyMatch(place -> isBehind(place, ends))) {
            var records = asked(() -> consumer.poll(POLL));
            for (ConsumerRecord<String, byte[]> record : records) {
                LetterRecords.read(record.value()).ifPresent(read -> sink.take(record.partition(), read));
            }
            deadline = records.isEmpty() ? deadline : System.nanoTime() + PATIENCE.toNanos();
            if (System.nanoTime() - deadline > 0) {
                throw unavailable(new TimeoutException("no record in " + PATIENCE));
            }
        }
    }

    private boolean isBehind(TopicPartition place, Map<TopicPartition, Long> ends) {
        return asked(() -> consumer.position(place, PATIENCE)) < ends.getOrDefault(place, 0L);
    }

    private static TopicPartition place(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private PlatformException unavailable(Exception cause) {
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "Kafka at " + bootstrap + " "
                        + KafkaRefusal.in(cause)
                                .map(KafkaRefusal::what)
                                .orElse("does not hand out " + Topics.DEAD_LETTERS),
                Topics.DEAD_LETTERS,
                KafkaRefusal.in(cause)
                        .map(KafkaRefusal::hint)
                        .orElse("start Kafka (`airlock dev` starts one and makes the topics), then try again"),
                cause);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
