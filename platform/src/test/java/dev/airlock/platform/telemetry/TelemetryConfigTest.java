package dev.airlock.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.settings.Settings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryConfigTest {

    private static Settings settings(Map<String, String> flags) {
        return Settings.load(Path.of("no-such-file.properties"), Map.of(), flags);
    }

    @Test
    void isOffByDefault() {
        Settings settings = settings(Map.of());

        assertThat(TelemetryConfig.from(settings)).isEqualTo(TelemetryConfig.OFF);
        assertThat(Telemetry.start(TelemetryConfig.OFF, new Telemetry.Identity("test", "1", "i", "h")))
                .isSameAs(Telemetry.off());
        settings.verify();
    }

    @Test
    void readsEveryKey() {
        Settings settings = settings(Map.of(
                "telemetry.otlp", "https://collector.internal:4318/",
                "telemetry.otlp-headers", "authorization=Bearer abc, x-tenant=a",
                "telemetry.prometheus", "0.0.0.0:9464",
                "telemetry.service", "airlock-blue",
                "telemetry.sampling", "5",
                "telemetry.interval", "10s"));
        TelemetryConfig config = TelemetryConfig.from(settings);
        settings.verify();

        assertThat(config)
                .isEqualTo(new TelemetryConfig(
                        URI.create("https://collector.internal:4318"),
                        Map.of("authorization", "Bearer abc", "x-tenant", "a"),
                        InetSocketAddress.createUnresolved("0.0.0.0", 9464),
                        "airlock-blue",
                        5,
                        Duration.ofSeconds(10)));
        assertThat(config.toString()).doesNotContain("abc");
        assertThat(settings.effective().toString()).doesNotContain("abc");
    }

    @Test
    void servesAPortAloneOnThisMachineOnly() {
        assertThat(TelemetryConfig.from(settings(Map.of("telemetry.prometheus", "9464")))
                        .prometheus())
                .isEqualTo(InetSocketAddress.createUnresolved("127.0.0.1", 9464));
    }

    @ParameterizedTest
    @CsvSource({
        "telemetry.otlp, localhost:4318",
        "telemetry.otlp, ftp://here",
        "telemetry.otlp, http://user:secret@here",
        "telemetry.otlp, 'http://a b'",
        "telemetry.otlp-headers, authorization",
        "telemetry.otlp-headers, 'a=b,'",
        "telemetry.prometheus, here",
        "telemetry.prometheus, here:99999",
        "telemetry.sampling, 101",
        "telemetry.interval, soon",
    })
    void refusesWhatItCannotRead(String key, String value) {
        Settings settings = settings(Map.of(key, value));
        TelemetryConfig.from(settings);

        assertThatThrownBy(settings::verify)
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining(key)
                .hasMessageNotContaining("secret");
    }
}
