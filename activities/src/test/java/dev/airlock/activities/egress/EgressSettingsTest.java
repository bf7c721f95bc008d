package dev.airlock.activities.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.pipeline.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an installation lets out, and how it says no. */
final class EgressSettingsTest {
    @TempDir
    Path directory;

    private static Network network(String host, int port, @Nullable String secret) {
        return new Network(List.of(new Network.Allow(
                host,
                List.of(port),
                List.of(),
                List.of(),
                secret == null ? null : new Network.Secret(secret, "Authorization", "Bearer {}"))));
    }

    @Test
    void letsNothingOutUnlessItIsTold() {
        assertThatThrownBy(() -> EgressSettings.of(Map.of()).require(network("a.example", 443, null)))
                .isInstanceOf(NetworkRefused.class)
                .hasMessageContaining("a.example:443")
                .hasMessageContaining("AIRLOCK_EGRESS of the worker");
    }

    @Test
    void letsOutExactlyWhatItIsTold() {
        EgressSettings settings = EgressSettings.of(Map.of("AIRLOCK_EGRESS", " a.example, b.example:8080 ,,"));

        assertThatCode(() -> settings.require(network("a.example", 443, null))).doesNotThrowAnyException();
        assertThatCode(() -> settings.require(network("a.example", 80, null))).doesNotThrowAnyException();
        assertThatCode(() -> settings.require(network("b.example", 8080, null))).doesNotThrowAnyException();
        for (Network no : List.of(
                network("a.example", 8080, null), network("b.example", 443, null), network("x.a.example", 443, null))) {
            assertThatThrownBy(() -> settings.require(no)).isInstanceOf(NetworkRefused.class);
        }
    }

    @Test
    void readsASecretWhenItIsNeeded() throws Exception {
        Path file = directory.resolve("token");
        Secrets secrets = Secrets.of("ONE=file:" + file + ",TWO=env:VARIABLE", Map.of("VARIABLE", "by variable")::get);

        assertThatThrownBy(() -> secrets.read("ONE")).isInstanceOf(IOException.class);
        Files.writeString(file, "first\n");
        assertThat(secrets.read("ONE")).isEqualTo("first");
        Files.writeString(file, "second");
        assertThat(secrets.read("ONE")).isEqualTo("second");
        assertThat(secrets.read("TWO")).isEqualTo("by variable");
        assertThatThrownBy(() -> secrets.read("THREE")).hasMessageContaining("THREE");
        Files.writeString(file, "two\r\nX-Evil: lines");
        assertThatThrownBy(() -> secrets.read("ONE")).hasMessageNotContainingAny("Evil");
        assertThat(secrets).hasToString("Secrets[ONE, TWO]");
    }

    @Test
    void namesTheSecretThatIsNotGiven() {
        EgressSettings settings = EgressSettings.of(Map.of("AIRLOCK_EGRESS", "a.example"));

        assertThatThrownBy(() -> settings.require(network("a.example", 443, "TOKEN")))
                .hasMessageContaining("TOKEN=file:/path")
                .hasMessageContaining("AIRLOCK_SECRETS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AIRLOCK_EGRESS=*",
                "AIRLOCK_EGRESS=*.example.com",
                "AIRLOCK_EGRESS=http://a.b",
                "AIRLOCK_EGRESS=0x7f.1",
                "AIRLOCK_EGRESS=a.b:0",
                "AIRLOCK_EGRESS_PRIVATE=a.b",
                "AIRLOCK_SECRETS=hunter2",
                "AIRLOCK_SECRETS=A=hunter2",
                "AIRLOCK_SECRETS=A=file:hunter2",
                "AIRLOCK_EGRESS_CA=/nowhere/hunter2",
            })
    void refusesToStartOnWhatItDoesNotUnderstand(String setting) {
        String[] both = setting.split("=", 2);

        assertThatThrownBy(() -> EgressSettings.of(Map.of(both[0], both[1])))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> {
                    if (both[0].equals("AIRLOCK_SECRETS")) {
                        assertThat(e).hasMessageNotContainingAny("hunter2");
                    }
                });
    }
}
