package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong clock = new AtomicLong();
    private final Quota quota = new Quota(3, workspace -> workspace.equals("a") ? open.get() : 0, clock::get);

    @Test
    void countsWhatItLetInUntilTheServerDoes() {
        assertThat(quota.enter("a")).isTrue();
        assertThat(quota.enter("a")).isTrue();
        assertThat(quota.enter("a")).isTrue();
        assertThat(quota.enter("a")).isFalse();
        assertThat(quota.enter("b")).as("another workspace").isTrue();
    }

    @Test
    void looksAgainWhenItIsFull() {
        open.set(3);
        assertThat(quota.enter("a")).isFalse();
        open.set(0);
        assertThat(quota.enter("a")).as("so soon").isFalse();
        later(Duration.ofSeconds(1));
        assertThat(quota.enter("a")).isTrue();
    }

    @Test
    void whatIsBeingStartedCountsHoweverLongThatTakes() {
        for (int i = 0; i < 3; i++) {
            assertThat(quota.enter("a")).isTrue();
        }
        later(Duration.ofMinutes(1));
        assertThat(quota.enter("a"))
                .as("none of the three is in Temporal's count yet")
                .isFalse();
    }

    @Test
    void whatWasStartedCountsUntilTheServerMustKnowOfIt() {
        for (int i = 0; i < 3; i++) {
            assertThat(quota.enter("a")).isTrue();
            quota.started("a");
        }
        later(Duration.ofSeconds(2));
        assertThat(quota.enter("a")).as("the count may lag").isFalse();
        later(Duration.ofSeconds(2));
        assertThat(quota.enter("a")).as("they have ended").isTrue();
    }

    @Test
    void aSteadyStreamDoesNotCountTwice() {
        for (int second = 0; second < 60; second++) {
            assertThat(quota.enter("a")).as("second " + second).isTrue();
            quota.started("a");
            open.set(1);
            later(Duration.ofSeconds(6));
        }
    }

    private void later(Duration length) {
        clock.addAndGet(length.toNanos());
    }

    @Test
    void whatStartedNothingTakesNoRoom() {
        for (int i = 0; i < 20; i++) {
            assertThat(quota.enter("a")).isTrue();
            quota.leave("a");
        }
    }
}
