package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong open = new AtomicLong();
    private final AtomicLong clock = new AtomicLong();
    private final Quota quota = new Quota(3, workspace -> workspace.equals("a") ? open.get() : 0, () -> 1, clock::get);

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

    /** Servers that count at their own times, and a count that lags by up to three seconds: any order of things within that. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void severalServersGoOverItByLessThanOneEach(int servers) {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int most = 1 + random.nextInt(40);
            Lagging runs = new Lagging(random);
            List<Quota> quotas = new ArrayList<>();
            for (int i = 0; i < servers; i++) {
                quotas.add(new Quota(most, workspace -> runs.visible(), () -> servers, clock::get));
            }
            for (int step = 0; step < 600; step++) {
                clock.addAndGet(random.nextLong(SECOND / 5));
                Quota one = quotas.get(random.nextInt(servers));
                if (one.enter("a")) {
                    runs.started();
                    one.started("a");
                }
                assertThat(runs.size()).as("quota %s, seed %s", most, seed).isLessThan(most + servers);
            }
            assertThat(runs.size()).as("it is used up, seed %s", seed).isGreaterThanOrEqualTo(most);
            runs.end(1);
            boolean again = false;
            for (int step = 0; step < 600 && !again; step++) {
                clock.addAndGet(random.nextLong(SECOND / 5));
                again = quotas.get(random.nextInt(servers)).enter("a");
                if (runs.size() >= most) {
                    runs.end(1);
                }
            }
            assertThat(again)
                    .as("room is used, whoever wants it, seed %s", seed)
                    .isTrue();
        }
    }

    /** Runs of which each shows in the count some time after its start. */
    private final class Lagging {
        private final Random random;
        private final List<Long> shown = new ArrayList<>();

        Lagging(Random random) {
            this.random = random;
        }

        void started() {
            shown.add(clock.get() + random.nextLong(3 * SECOND));
        }

        void end(int runs) {
            shown.subList(0, Math.min(runs, shown.size())).clear();
        }

        long visible() {
            return shown.stream().filter(at -> at <= clock.get()).count();
        }

        int size() {
            return shown.size();
        }
    }
}
