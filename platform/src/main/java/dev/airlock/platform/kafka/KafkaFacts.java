package dev.airlock.platform.kafka;

import dev.airlock.platform.failure.PlatformException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What a Kafka cluster says of our topics, for who wants to know whether it will do.
 *
 * @param missing topics of ours that it does not have
 * @param timestamps topics whose {@code message.timestamp.type} is another than ours, and what it is
 * @param wanted what it should be, by topic
 * @param retention how long requests are kept; absent for ever, or without that topic
 * @param newest when the newest audit event was written, by the broker's clock; absent when there is none
 */
public record KafkaFacts(
        List<String> missing,
        Map<String, String> timestamps,
        Map<String, String> wanted,
        @Nullable Duration retention,
        @Nullable Instant newest) {
    private static final String TIMESTAMPS = "message.timestamp.type";

    public KafkaFacts {
        missing = List.copyOf(missing);
        timestamps = Map.copyOf(timestamps);
        wanted = Map.copyOf(wanted);
    }

    /**
     * Asks.
     *
     * @param limit how long all answers together may take
     * @throws PlatformException with code UNAVAILABLE when there is none
     */
    public static KafkaFacts read(String bootstrap, Duration limit) {
        KafkaClients clients = new KafkaClients(bootstrap);
        Admin admin = clients.admin("airlock-doctor");
        try {
            return new Question(admin, limit).facts();
        } catch (ExecutionException | TimeoutException e) {
            throw clients.unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw clients.unavailable(e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** One round of questions, within one limit. */
    private static final class Question {
        private final Admin admin;
        private final long end;

        Question(Admin admin, Duration limit) {
            this.admin = admin;
            this.end = System.nanoTime() + limit.toNanos();
        }

        KafkaFacts facts() throws ExecutionException, TimeoutException, InterruptedException {
            Set<String> names = answer(
                    admin.listTopics(new ListTopicsOptions().timeoutMs(left())).names());
            Map<String, String> wanted = new HashMap<>();
            List<String> missing = new ArrayList<>();
            List<ConfigResource> present = new ArrayList<>();
            for (NewTopic topic : Topics.all((short) 1)) {
                wanted.put(topic.name(), topic.configs().get(TIMESTAMPS));
                if (names.contains(topic.name())) {
                    present.add(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
                } else {
                    missing.add(topic.name());
                }
            }
            Map<ConfigResource, Config> configs =
                    answer(admin.describeConfigs(present, new DescribeConfigsOptions().timeoutMs(left()))
                            .all());
            Map<String, String> timestamps = new HashMap<>();
            Duration retention = null;
            for (Map.Entry<ConfigResource, Config> each : configs.entrySet()) {
                String topic = each.getKey().name();
                String type = value(each.getValue(), TIMESTAMPS);
                if (!type.equals(wanted.get(topic))) {
                    timestamps.put(topic, type);
                }
                if (topic.equals(Topics.REQUESTS)) {
                    retention = retention(value(each.getValue(), "retention.ms"));
                }
            }
            Instant newest = names.contains(Topics.AUDIT) ? newest() : null;
            return new KafkaFacts(missing, timestamps, wanted, retention, newest);
        }

        /** The moment of the newest record, from the partition that has it. */
        private @Nullable Instant newest() throws ExecutionException, TimeoutException, InterruptedException {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            answer(admin.describeTopics(List.of(Topics.AUDIT)).allTopicNames()).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .forEach(partition -> wanted.put(
                            new TopicPartition(Topics.AUDIT, partition.partition()), OffsetSpec.maxTimestamp()));
            long newest =
                    answer(admin.listOffsets(wanted, new ListOffsetsOptions().timeoutMs(left()))
                                    .all())
                            .values()
                            .stream()
                            .mapToLong(info -> info.timestamp())
                            .max()
                            .orElse(-1);
            return newest < 0 ? null : Instant.ofEpochMilli(newest);
        }

        private static String value(Config config, String name) {
            return config.get(name) == null
                    ? ""
                    : String.valueOf(config.get(name).value());
        }

        private static @Nullable Duration retention(String millis) {
            return millis.isEmpty() || millis.startsWith("-") ? null : Duration.ofMillis(Long.parseLong(millis));
        }

        private int left() {
            return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
        }

        private <T> T answer(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
            return future.get(left(), TimeUnit.MILLISECONDS);
        }
    }
}
