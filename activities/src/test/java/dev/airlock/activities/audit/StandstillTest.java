package dev.airlock.activities.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A clock that is read often tells when nobody could read it. */
class StandstillTest {
    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());
    private final Standstill standstill = new Standstill(clock::get);

    @Test
    void aProcessThatGoesOnStandsNeverStill() {
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(250));
            standstill.look();
        }

        assertThat(standstill.isRecent()).isFalse();
    }

    @Test
    void whoeverAsksFirstAfterwardsIsTold() {
        pass(Duration.ofSeconds(3));

        assertThat(standstill.isRecent()).isTrue();
    }

    @Test
    void isNotForgottenWhenTheBeatComesFirst() {
        pass(Duration.ofMinutes(10));
        standstill.look();
        pass(Duration.ofMillis(1));

        assertThat(standstill.isRecent()).isTrue();
    }

    @Test
    void isOverWhenNothingOfBeforeIsInHandAnyMore() {
        pass(Duration.ofSeconds(3));
        standstill.look();
        for (int i = 0; i < 13; i++) {
            pass(Duration.ofMillis(500));
            standstill.look();
        }

        assertThat(standstill.isRecent()).isFalse();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
