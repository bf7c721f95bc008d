package dev.airlock.platform.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
    @TempDir
    Path temporary;

    private StateDirectory state = new StateDirectory(Path.of("unset"));

    @BeforeEach
    void name() {
        state = new StateDirectory(temporary, Map.of("AIRLOCK_INSTALLATION", "inst"));
    }

    @Test
    void isTheReadyLine() {
        Endpoints endpoints = new Endpoints(
                "airlock/v1",
                true,
                42,
                "inst",
                new Endpoints.Temporal("127.0.0.1:7233", "real", "http://127.0.0.1:8233"),
                new Endpoints.Kafka("127.0.0.1:9092", "embedded"),
                new EngineIdentity("docker", "runc", "hardened"),
                "/s");

        assertThat(endpoints.line())
                .isEqualTo(
                        "{\"schema\":\"airlock/v1\",\"ready\":true,\"pid\":42,\"installation\":\"inst\","
                                + "\"temporal\":{\"target\":\"127.0.0.1:7233\",\"kind\":\"real\",\"ui\":\"http://127.0.0.1:8233\"},"
                                + "\"kafka\":{\"bootstrap\":\"127.0.0.1:9092\",\"kind\":\"embedded\"},"
                                + "\"engine\":{\"name\":\"docker\",\"runtime\":\"runc\",\"tier\":\"hardened\"},\"state\":\"/s\"}");
    }

    @Test
    void isReadBackAsWritten() throws Exception {
        Endpoints written = here();
        written.write(state);

        assertThat(Endpoints.read(state)).isEqualTo(written);
        Endpoints.remove(state);
        assertThatThrownBy(() -> Endpoints.read(state)).isInstanceOf(PlatformException.class);
    }

    @Test
    void saysThatNobodyServes() {
        assertThatThrownBy(() -> Endpoints.read(state))
                .isInstanceOfSatisfying(PlatformException.class, e -> {
                    assertThat(e.code()).isEqualTo(PlatformException.Code.UNAVAILABLE);
                    assertThat(e.hint())
                            .hasValueSatisfying(hint -> assertThat(hint).contains("airlock dev"));
                })
                .hasMessage("no dev is running on " + temporary);
    }

    @Test
    void saysThatTheServerWasKilled() throws Exception {
        here().write(state);
        new ProcessRecord(Endpoints.DEV, ProcessHandle.current().pid(), "before this boot").write(state);

        assertThatThrownBy(() -> Endpoints.read(state)).hasMessageContaining("has gone");
    }

    @Test
    void survivesFilesThatAreNotOurs() throws Exception {
        for (String content : new String[] {"", "[]", "{}", "{\"pid\":\"x\"}", "null", "\u0000\uffff"}) {
            Files.writeString(state.endpoints(), content);

            assertThatThrownBy(() -> Endpoints.read(state))
                    .as(content)
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining("endpoints.json");
        }
    }

    @Test
    void toleratesMembersOfLaterVersions() throws Exception {
        Endpoints written = here();
        Files.writeString(state.endpoints(), written.line().replace("{\"schema\"", "{\"later\":1,\"schema\""));

        assertThat(Endpoints.read(state)).isEqualTo(written);
    }

    private Endpoints here() {
        return Endpoints.ready(
                state, new Endpoints.Temporal("h:1", "external", null), new Endpoints.Kafka("h:2", "external"), null);
    }
}
