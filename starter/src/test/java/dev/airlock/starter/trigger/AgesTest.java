package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.kafka.KafkaClients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AgesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicInteger questions = new AtomicInteger();

    @Test
    void asksNobodyAboutTheYoung() {
        Ages ages = ages(Optional.of(Duration.ofDays(3)));

        assertThat(ages.isTooOld(NOW.minus(Duration.ofHours(11)))).isFalse();
        assertThat(ages.isTooOld(NOW.plus(Duration.ofDays(1))))
                .as("of the future")
                .isFalse();
        assertThat(questions).hasValue(0);
    }

    @Test
    void goesByTheServersMemoryLessAMargin() {
        Ages ages = ages(Optional.of(Duration.ofDays(3)));

        assertThat(ages.isTooOld(NOW.minus(Duration.ofHours(70)))).isFalse();
        assertThat(ages.isTooOld(NOW.minus(Duration.ofHours(73)))).isTrue();
        assertThat(questions).as("remembered").hasValue(1);
    }

    @Test
    void takesADayWhereTheServerDoesNotTell() {
        assertThat(ages(Optional.empty()).isTooOld(NOW.minus(Duration.ofHours(25))))
                .isTrue();
    }

    private Ages ages(Optional<Duration> retention) {
        return new Ages(
                Clock.fixed(NOW, ZoneOffset.UTC),
                () -> {
                    questions.incrementAndGet();
                    return retention;
                },
                new KafkaClients("127.0.0.1:1"));
    }
}
