package dev.airlock.platform.kafka;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster says of one topic.
 *
 * @param replicas of the partition that has the fewest
 * @param behind partitions of which not all replicas are in step
 * @param settings as Kafka calls them
 */
public record TopicFacts(String name, int partitions, int replicas, int behind, Map<String, String> settings) {
    public TopicFacts {
        settings = Map.copyOf(settings);
    }

    /** Empty when it is not told. */
    public String setting(String setting) {
        return settings.getOrDefault(setting, "");
    }

    /** Replicas that must have a record before it counts as written; 1 when it is not told. */
    public int minInsync() {
        String told = setting(TopicPlan.MIN_INSYNC);
        return told.isEmpty() ? 1 : Integer.parseInt(told);
    }

    /** How long records are kept; absent for ever. */
    public @Nullable Duration retention() {
        String millis = setting("retention.ms");
        return millis.isEmpty() || millis.startsWith("-") ? null : Duration.ofMillis(Long.parseLong(millis));
    }

    /** Whether another clock than ours stamps its records. */
    public boolean isStampedOtherwise() {
        return !setting(KafkaFacts.TIMESTAMPS).equals(wantedTimestamps());
    }

    /** What {@code message.timestamp.type} should be. */
    public String wantedTimestamps() {
        return Topics.settings(name).getOrDefault(KafkaFacts.TIMESTAMPS, "");
    }
}
