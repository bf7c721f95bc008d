package dev.airlock.starter.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.failure.PlatformException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TemporalGateTest {
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger probes = new AtomicInteger();
    private final TemporalGate gate = new TemporalGate(() -> {
        probes.incrementAndGet();
        if (away.get()) {
            throw PlatformException.of(PlatformException.Code.UNAVAILABLE, "away", "temporal", "wait");
        }
    });

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void opensByItselfWhenTemporalIsBack() {
        away.set(true);
        assertThat(gate.look()).isFalse();
        assertThat(gate.isOpen()).isFalse();
        assertThat(gate.look()).as("asked again, nobody probes twice").isFalse();

        away.set(false);
        Plant.await(gate::isOpen, () -> "it stays shut");
    }

    @Test
    void manyThatFailAtOnceProbeOnce() {
        for (int i = 0; i < 50; i++) {
            assertThat(gate.look()).isTrue();
        }
        assertThat(probes).hasValueLessThan(50);
    }

    @Test
    void whoIsNoLongerWantedDoesNotWait() throws InterruptedException {
        away.set(true);
        assertThat(gate.look()).isFalse();
        gate.await(new Standing() {
            @Override
            public boolean wanted() {
                return false;
            }

            @Override
            public void pause(Duration length) {
                throw new AssertionError("waits");
            }
        });
    }
}
