package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotaTest {
    private final AtomicLong open = new AtomicLong();
    private final Quota quota = new Quota(3, workspace -> workspace.equals("a") ? open.get() : 0);

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
        Plant.await(() -> quota.enter("a"), () -> "it never looked again");
    }

    @Test
    void whatStartedNothingTakesNoRoom() {
        for (int i = 0; i < 20; i++) {
            assertThat(quota.enter("a")).isTrue();
            quota.leave("a");
        }
    }
}
