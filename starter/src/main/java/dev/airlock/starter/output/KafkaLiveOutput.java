package dev.airlock.starter.output;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Live output on the output topic. Reads the partition that holds the run, and hands on nothing that is not a record of it. */
public final class KafkaLiveOutput implements LiveOutput {
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final KafkaClients kafka;
    private final String topic;

    public KafkaLiveOutput(KafkaClients kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
    }

    /** Connects when it is first asked. */
    @Override
    public Feed open(RunId run, @Nullable Instant since) {
        return new TopicFeed(run, since);
    }

    /** One reader. */
    private final class TopicFeed implements Feed {
        private final RunId run;
        private final @Nullable Instant since;
        private final Consumer<String, byte[]> consumer = kafka.follower("airlock-output-reader");
        private @Nullable TopicPartition place;
        private long end;

        TopicFeed(RunId run, @Nullable Instant since) {
            this.run = run;
            this.since = since;
        }

        @Override
        public List<Placed> poll(Duration wait) {
            try {
                if (place == null) {
                    connect();
                }
                List<Placed> found = new ArrayList<>();
                for (ConsumerRecord<String, byte[]> record : consumer.poll(wait)) {
                    if (run.value().equals(record.key())) {
                        OutputRecord.of(record).ifPresent(each -> found.add(new Placed(record.offset(), each)));
                    }
                }
                return found;
            } catch (TimeoutException e) {
                LockSupport.parkNanos(wait.toNanos());
                return List.of();
            } catch (KafkaException e) {
                throw refused(String.valueOf(e.getMessage()), e);
            }
        }

        private void connect() {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, ANSWER);
            if (partitions == null || partitions.isEmpty()) {
                throw refused("has no topic " + topic, null);
            }
            TopicPartition own = new TopicPartition(topic, KafkaClients.partition(run.value(), partitions.size()));
            long last = consumer.endOffsets(List.of(own), ANSWER).getOrDefault(own, 0L);
            consumer.assign(List.of(own));
            if (since == null) {
                consumer.seekToBeginning(List.of(own));
            } else {
                Map<TopicPartition, OffsetAndTimestamp> found =
                        consumer.offsetsForTimes(Map.of(own, since.toEpochMilli()), ANSWER);
                OffsetAndTimestamp first = found.get(own);
                consumer.seek(own, first == null ? last : first.offset());
            }
            end = last;
            place = own;
        }

        @Override
        public boolean caughtUp() {
            try {
                return place != null && consumer.position(place, ANSWER) >= end;
            } catch (TimeoutException e) {
                return false;
            }
        }

        @Override
        public void rewind(long to) {
            if (place != null) {
                consumer.seek(place, to);
            }
        }

        /** Does not wait for a broker that is gone. */
        @Override
        public void close() {
            try {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            } catch (KafkaException e) {
                // It is closed all the same.
            }
        }

        private AirlockException refused(String what, @Nullable KafkaException cause) {
            AirlockException refusal = new AirlockException(
                    ErrorCode.UNAVAILABLE,
                    "Kafka at " + kafka.bootstrap() + " does not give live output: " + what,
                    topic,
                    "`airlock doctor` looks at the topics, `airlock setup --topics` makes them");
            return cause == null ? refusal : refusal.causedBy(cause);
        }
    }
}
