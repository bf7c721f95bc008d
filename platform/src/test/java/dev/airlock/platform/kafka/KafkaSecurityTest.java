package dev.airlock.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSecurityTest {
    private static final String SECRET = "hunter2";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void takesWhatKafkasOwnToolsTake() throws IOException {
        KafkaSecurity security = read("""
                security.protocol=SASL_SSL
                ssl.truststore.type=PEM
                ssl.truststore.location=/etc/kafka/ca.pem
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=Module required username="a" password="${env:PASSWORD}";
                """, Map.of("PASSWORD", SECRET + "$1\\"));

        assertThat(security.settings())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.jaas.config", "Module required username=\"a\" password=\"" + SECRET + "$1\\\";")
                .hasSize(5);
        assertThat(security.toString()).contains("sasl.jaas.config").doesNotContain(SECRET);
        assertThat(KafkaSecurity.none().isNone()).isTrue();
    }

    @Test
    void refusesEverythingElseAndNamesEachProblemButNoValue() {
        assertThatThrownBy(() -> read("""
                        acks=%1$s
                        ssl.trustore.location=%1$s
                        bootstrap.servers=%1$s
                        sasl.jaas.config=%1$s ${env:ABSENT}
                        """.formatted(SECRET), Map.of()))
                .isInstanceOfSatisfying(
                        PlatformException.class, e -> assertThat(e.code()).isEqualTo(PlatformException.Code.USAGE))
                .hasMessageContaining("acks is not taken from there; only security.*, ssl.* and sasl.* are")
                .hasMessageContaining("bootstrap.servers is not taken")
                .hasMessageContaining("did you mean ssl.truststore.location?")
                .hasMessageContaining("sasl.jaas.config needs the variable ABSENT, which is not set")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> KafkaSecurity.read(directory.resolve("absent"), Map.of()))
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("absent");
    }

    @Test
    void saysWhatKafkasClientDoesNotTake() throws IOException {
        KafkaClients clients = new KafkaClients(
                "127.0.0.1:1", read("security.protocol=SASL_SSL\nsasl.jaas.config=" + SECRET + "\n", Map.of()));

        assertThatThrownBy(() -> clients.admin("test"))
                .isInstanceOfSatisfying(
                        PlatformException.class, e -> assertThat(e.code()).isEqualTo(PlatformException.Code.USAGE))
                .hasMessageContaining("does not take its security settings")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> new KafkaClients("nonsense", read("security.protocol=SSL\n", Map.of())).admin("test"))
                .hasMessageContaining("not an address of a Kafka cluster: nonsense");
    }

    private KafkaSecurity read(String text, Map<String, String> environment) throws IOException {
        return KafkaSecurity.read(Files.writeString(directory.resolve("client.properties"), text), environment);
    }
}
