package dev.airlock.platform.kafka;

import dev.airlock.platform.failure.PlatformException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What a Kafka cluster says of our topics, for who wants to know whether it will do.
 *
 * @param brokers that are up
 * @param topics those of ours that it has
 * @param missing names of those that it does not have
 * @param newest when the newest audit event was written, by the broker's clock; absent when there is none
 */
public record KafkaFacts(
        int brokers,
        List<TopicFacts> topics,
        List<String> missing,
        @Nullable Instant newest) {
    static final String TIMESTAMPS = "message.timestamp.type";

    public KafkaFacts {
        topics = List.copyOf(topics);
        missing = List.copyOf(missing);
    }

    /** What it says of one topic, if it has it. */
    public Optional<TopicFacts> topic(String name) {
        return topics.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    /** How long requests are kept; absent for ever, or without that topic. */
    public @Nullable Duration retention() {
        return topic(Topics.REQUESTS).map(TopicFacts::retention).orElse(null);
    }

    /**
     * Asks.
     *
     * @param limit how long all answers together may take
     * @throws PlatformException with code UNAVAILABLE when there is none
     */
    public static KafkaFacts read(KafkaClients clients, Duration limit) {
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
            Collection<String> all = answer(
                    admin.listTopics(new ListTopicsOptions().timeoutMs(left())).names());
            List<String> present = Topics.names().stream().filter(all::contains).toList();
            List<String> missing = new ArrayList<>(Topics.names());
            missing.removeAll(present);
            // All at once: each answer is a round trip.
            KafkaFuture<Map<String, TopicDescription>> descriptions = admin.describeTopics(
                            present, new DescribeTopicsOptions().timeoutMs(left()))
                    .allTopicNames();
            KafkaFuture<Map<ConfigResource, Config>> configs = admin.describeConfigs(
                            present.stream()
                                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                    .toList(),
                            new DescribeConfigsOptions().timeoutMs(left()))
                    .all();
            var nodes = admin.describeCluster(new DescribeClusterOptions().timeoutMs(left()))
                    .nodes();
            Map<String, TopicDescription> described = answer(descriptions);
            Map<String, Map<String, String>> settings = settings(answer(configs));
            List<TopicFacts> topics = described.values().stream()
                    .map(topic -> facts(topic, settings.getOrDefault(topic.name(), Map.of())))
                    .sorted(Comparator.comparing(TopicFacts::name))
                    .toList();
            TopicDescription audit = described.get(Topics.AUDIT);
            return new KafkaFacts(answer(nodes).size(), topics, missing, audit == null ? null : newest(audit));
        }

        private static Map<String, Map<String, String>> settings(Map<ConfigResource, Config> configs) {
            return configs.entrySet().stream()
                    .collect(Collectors.toMap(
                            each -> each.getKey().name(),
                            each -> each.getValue().entries().stream()
                                    .filter(entry -> entry.value() != null)
                                    .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value))));
        }

        private static TopicFacts facts(TopicDescription topic, Map<String, String> settings) {
            List<TopicPartitionInfo> partitions = topic.partitions();
            int replicas = partitions.stream()
                    .mapToInt(each -> each.replicas().size())
                    .min()
                    .orElse(0);
            long behind = partitions.stream()
                    .filter(each -> each.isr().size() < each.replicas().size())
                    .count();
            return new TopicFacts(topic.name(), partitions.size(), replicas, (int) behind, settings);
        }

        /** The moment of the newest record, from the partition that has it. */
        private @Nullable Instant newest(TopicDescription audit)
                throws ExecutionException, TimeoutException, InterruptedException {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            audit.partitions()
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

        private int left() {
            return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
        }

        private <T> T answer(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
            return future.get(left(), TimeUnit.MILLISECONDS);
        }
    }
}
