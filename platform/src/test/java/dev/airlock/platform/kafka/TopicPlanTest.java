package dev.airlock.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.airlock.platform.kafka.TopicPlan.Difference;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    @Test
    void keepsAuditForEverAndDatesRequestsItself() {
        assertThat(TopicPlan.DURABLE.topics()).hasSize(5).allSatisfy(topic -> {
            assertThat(topic.numPartitions()).isEqualTo(4);
            assertThat(topic.replicationFactor()).isEqualTo((short) 3);
            assertThat(topic.configs())
                    .containsEntry("min.insync.replicas", "2")
                    .containsEntry("unclean.leader.election.enable", "false");
        });
        assertThat(topic(Topics.AUDIT).configs())
                .containsEntry("retention.ms", "-1")
                .containsEntry("cleanup.policy", "delete");
        assertThat(topic(Topics.REQUESTS).configs())
                .containsEntry("message.timestamp.type", "LogAppendTime")
                .containsEntry("retention.ms", "604800000");
    }

    @Test
    void asksNothingOfReplicasWhereThereIsOne() {
        assertThat(TopicPlan.of(1, 1).topics())
                .allSatisfy(topic -> assertThat(topic.configs()).doesNotContainKey("min.insync.replicas"));
        assertThat(TopicPlan.of(4, 3)).isEqualTo(TopicPlan.DURABLE);
    }

    @Test
    void saysWhatAnExistingTopicHasOtherwise() {
        Map<String, String> settings = new HashMap<>(topic(Topics.AUDIT).configs());
        assertThat(TopicPlan.DURABLE.differences(new TopicFacts(Topics.AUDIT, 12, 5, 0, settings)))
                .isEmpty();
        settings.put("retention.ms", "1000");
        settings.put("min.insync.replicas", "1");
        assertThat(TopicPlan.DURABLE.differences(new TopicFacts(Topics.AUDIT, 1, 1, 0, settings)))
                .containsExactly(
                        new Difference("partitions", "1", "4"),
                        new Difference("replicas", "1", "3"),
                        new Difference("min.insync.replicas", "1", "2"),
                        new Difference("retention.ms", "1000", "-1"));
    }

    @Test
    void refusesWhatNoClusterCanBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TopicPlan(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TopicPlan(1, 2, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new TopicPlan(1, 100_000, 1));
    }

    private static NewTopic topic(String name) {
        return TopicPlan.DURABLE.topics().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
