package dev.airlock.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
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
}
