package dev.airlock.cli.setup;

import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.KafkaFacts;
import dev.airlock.platform.kafka.TopicFacts;
import dev.airlock.platform.kafka.TopicPlan;
import dev.airlock.platform.kafka.TopicPlan.Difference;
import dev.airlock.platform.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The topics of a cluster beside the plan of them. Makes those that are missing and changes none that exists: more partitions
 * move the keys of runs under way, and whoever bounded a retention may have had a reason.
 */
final class TopicLayout {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaClients kafka;
    private final TopicPlan plan;

    TopicLayout(KafkaClients kafka, TopicPlan plan) {
        this.kafka = kafka;
        this.plan = plan;
    }

    /**
     * One topic.
     *
     * @param state {@code created}, {@code present} or {@code differs}
     */
    record Topic(String topic, String state, List<Difference> differences) {}

    /** All of them; {@code ok} when none differs. */
    record Report(boolean ok, String kafka, List<Topic> topics) {
        Report {
            topics = List.copyOf(topics);
        }
    }

    /** Names of those that the cluster does not have. */
    List<String> missing() {
        return KafkaFacts.read(kafka, PATIENCE).missing();
    }

    /** Makes what is missing, and says how all of them are now. */
    Report settle() {
        List<String> made = kafka.createTopics(plan, PATIENCE);
        KafkaFacts facts = KafkaFacts.read(kafka, PATIENCE);
        List<Topic> topics = Topics.names().stream()
                .map(name -> topic(name, made.contains(name), facts.topic(name)))
                .toList();
        boolean ok = topics.stream().noneMatch(topic -> topic.state().equals("differs"));
        return new Report(ok, kafka.bootstrap(), topics);
    }

    /** A cluster may not yet tell of a topic that it has just made. */
    private Topic topic(String name, boolean made, Optional<TopicFacts> facts) {
        if (made) {
            return new Topic(name, "created", List.of());
        }
        List<Difference> differences = facts.map(plan::differences).orElse(List.of());
        return new Topic(name, differences.isEmpty() ? "present" : "differs", differences);
    }

    /** The command that makes one thing as planned. */
    static String mend(String bootstrap, String topic, Difference difference) {
        String tool = " --bootstrap-server " + bootstrap;
        return switch (difference.setting()) {
            case "partitions" ->
                "kafka-topics.sh" + tool + " --alter --topic " + topic + " --partitions " + difference.wanted();
            case "replicas" ->
                "kafka-reassign-partitions.sh" + tool + " --execute, with a plan that gives " + topic + " "
                        + difference.wanted() + " replicas";
            default ->
                "kafka-configs.sh" + tool + " --alter --topic " + topic + " --add-config " + difference.setting() + "="
                        + difference.wanted();
        };
    }
}
