package dev.airlock.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    @Test
    void saysThatNobodyListens() throws Exception {
        String bootstrap;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            bootstrap = "127.0.0.1:" + socket.getLocalPort();
        }
        KafkaClients clients = new KafkaClients(bootstrap);

        assertThatThrownBy(() -> clients.probe(Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        PlatformException.class,
                        e -> assertThat(e.code()).isEqualTo(PlatformException.Code.UNAVAILABLE))
                .hasMessage("Kafka at " + bootstrap + " does not answer");
    }

    @Test
    void refusesWhatIsNoAddress() {
        for (String address : new String[] {"", "nonsense", "host:port", "a:1,b"}) {
            assertThatThrownBy(() -> new KafkaClients(address).probe(Duration.ofMillis(100)))
                    .as(address)
                    .isInstanceOfSatisfying(
                            PlatformException.class, e -> assertThat(e.code()).isEqualTo(PlatformException.Code.USAGE));
        }
    }

    @Test
    void keepsAuditForEverAndDatesRequestsItself() {
        assertThat(Topics.all((short) 3)).hasSize(5).allSatisfy(topic -> {
            assertThat(topic.numPartitions()).isEqualTo(4);
            assertThat(topic.replicationFactor()).isEqualTo((short) 3);
        });
        assertThat(topic(Topics.AUDIT).configs())
                .containsEntry("retention.ms", "-1")
                .containsEntry("cleanup.policy", "delete");
        assertThat(topic(Topics.REQUESTS).configs())
                .containsEntry("message.timestamp.type", "LogAppendTime")
                .containsEntry("retention.ms", "604800000");
    }

    private static NewTopic topic(String name) {
        return Topics.all((short) 1).stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
