package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.system.kafka.Broker;
import dev.airlock.system.kafka.KafkaCluster;
import dev.airlock.system.kafka.TcpProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kafka in all states of away: runs go on, promotions wait for their intent, and nothing is lost or told twice. */
@Tag("chaos")
class KafkaAwayIT {
    private Plant plant;
    private KafkaCluster cluster;

    @BeforeEach
    void start() throws IOException {
        plant = new Plant();
        cluster = plant.cluster;
    }

    @AfterEach
    void stop() throws IOException {
        if (plant != null) {
            plant.close();
        }
    }

    @Test
    void everyBrokerIsAway() throws IOException {
        Outage outage = new Outage(plant, "kafka-away", Tally.setting("outage", 60));

        outage.begin(cluster::killAll);
        outage.assertPromotionsWait();
        outage.end(() -> {
            cluster.startAll();
            cluster.awaitReplicas(KafkaCluster.BROKERS);
        });
        outage.settle();
    }

    @Test
    void oneOfThreeBrokersIsAway() throws IOException {
        Outage outage = new Outage(plant, "one-broker-away", Tally.setting("outage", 60));

        // The one that leads a partition of the trail.
        Broker leader = cluster.leaderFirst(0).getFirst();
        outage.begin(leader::kill);
        outage.awaitPromotions();
        cluster.awaitReplicas(2);
        outage.end(() -> {
            leader.start();
            cluster.awaitReplicas(KafkaCluster.BROKERS);
        });
        outage.settle();
    }

    @Test
    void tooFewReplicasAreInStep() throws IOException {
        Outage outage = new Outage(plant, "isr-below-minimum", Tally.setting("outage", 60));

        List<Broker> brokers = cluster.leaderFirst(0);
        outage.begin(() -> {
            brokers.get(1).kill();
            brokers.get(2).kill();
        });
        outage.assertPromotionsWait();
        outage.end(() -> {
            cluster.startAll();
            cluster.awaitReplicas(KafkaCluster.BROKERS);
        });
        outage.settle();
    }

    @Test
    void kafkaIsSilent() throws IOException {
        Outage outage = new Outage(plant, "kafka-silent", Tally.setting("outage", 60));

        // Connections stand, nothing is refused, nothing comes back.
        outage.begin(() -> cluster.proxies().forEach(TcpProxy::hold));
        outage.assertPromotionsWait();
        outage.end(() -> cluster.proxies().forEach(TcpProxy::heal));
        outage.settle();
    }

    @Test
    void acknowledgementsAreLost() throws IOException {
        Outage outage = new Outage(plant, "acknowledgements-lost", Tally.setting("outage", 60));

        outage.begin(() -> cluster.proxies().forEach(TcpProxy::loseAnswers));
        outage.assertPromotionsWait();
        outage.end(() -> cluster.proxies().forEach(TcpProxy::heal));
        outage.settle();
        assertThat(cluster.proxies().stream().mapToLong(TcpProxy::lostBytes).sum())
                .as("answers that were lost")
                .isPositive();
    }
}
