package dev.airlock.starter.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @CsvSource({
        "PT-1S, 0 s",
        "PT0S, 0 ms",
        "PT0.25S, 250 ms",
        "PT1.26S, 1.2 s",
        "PT4S, 4 s",
        "PT9.99S, 9.9 s",
        "PT14.9S, 14 s",
        "PT2M5S, 2 min 5 s",
        "PT3H10M, 3 h 10 min",
        "P1D, 1 day",
        "P2DT4H, 2 days 4 h"
    })
    void tellsLengths(Duration span, String words) {
        assertThat(Durations.text(span)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.4S, just now",
        "PT-0.4S, just now",
        "PT30S, 30 s ago",
        "PT2M59S, 2 min ago",
        "PT23H59M, 23 h ago",
        "P1DT2H, 1 day ago",
        "P40D, 40 days ago",
        "PT-23H-30M, in 23 h"
    })
    void tellsMoments(Duration away, String words) {
        assertThat(Durations.relative(NOW.minus(away), NOW)).isEqualTo(words);
    }
}
