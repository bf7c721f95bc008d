package dev.airlock.platform.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * How the topics are laid out on a cluster.
 *
 * @param partitions of each topic
 * @param replicas of each partition
 * @param minInsync replicas that must have a record before it counts as written
 */
public record TopicPlan(int partitions, int replicas, int minInsync) {
    /** As many as serve a few hundred runs a second, and few enough for a laptop. */
    public static final int PARTITIONS = 4;

    /** No record that was acknowledged is lost when one broker is. */
    public static final TopicPlan DURABLE = new TopicPlan(PARTITIONS, 3, 2);

    static final String MIN_INSYNC = "min.insync.replicas";
    static final String UNCLEAN = "unclean.leader.election.enable";

    /** @throws IllegalArgumentException if no cluster can be so */
    public TopicPlan {
        if (partitions < 1 || replicas < 1 || replicas > Short.MAX_VALUE || minInsync < 1 || minInsync > replicas) {
            throw new IllegalArgumentException("no layout of topics: " + partitions + " partitions, " + replicas
                    + " replicas, " + minInsync + " of them in step");
        }
    }

    /** Where one broker may be away. */
    public static TopicPlan of(int partitions, int replicas) {
        return new TopicPlan(partitions, replicas, Math.max(1, replicas - 1));
    }

    /**
     * What an existing topic has otherwise.
     *
     * @param setting as Kafka calls it; {@code partitions}, {@code replicas}
     * @param is what the topic has
     * @param wanted what the plan says
     */
    public record Difference(String setting, String is, String wanted) {}

    /** In the order of their names; none when it will do. More partitions and replicas than planned will do. */
    public List<Difference> differences(TopicFacts topic) {
        List<Difference> found = new ArrayList<>();
        if (topic.partitions() < partitions) {
            found.add(new Difference("partitions", "" + topic.partitions(), "" + partitions));
        }
        if (topic.replicas() < replicas) {
            found.add(new Difference("replicas", "" + topic.replicas(), "" + replicas));
        }
        if (topic.minInsync() < minInsync) {
            found.add(new Difference(MIN_INSYNC, "" + topic.minInsync(), "" + minInsync));
        }
        Map<String, String> wanted = new TreeMap<>(settings(topic.name()));
        wanted.remove(MIN_INSYNC);
        wanted.forEach((setting, value) -> {
            String is = topic.setting(setting);
            if (!is.equals(value)) {
                found.add(new Difference(setting, is, value));
            }
        });
        return List.copyOf(found);
    }

    /** All topics, as they are made. */
    List<NewTopic> topics() {
        return Topics.names().stream()
                .map(name -> new NewTopic(name, partitions, (short) replicas).configs(settings(name)))
                .toList();
    }

    private Map<String, String> settings(String topic) {
        Map<String, String> settings = new HashMap<>(Topics.settings(topic));
        if (replicas > 1) {
            settings.put(MIN_INSYNC, Integer.toString(minInsync));
            // A replica that missed records must not become the one that counts.
            settings.put(UNCLEAN, "false");
        }
        return settings;
    }
}
