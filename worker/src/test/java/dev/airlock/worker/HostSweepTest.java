package dev.airlock.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.sandbox.SandboxSweep;
import dev.airlock.platform.telemetry.Telemetry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HostSweepTest {
    private final FakeEngine engine = new FakeEngine();

    private HostSweep over(SandboxSweep.Claims claims) {
        return new HostSweep(
                new SandboxSweep(engine, "here", claims), Telemetry.off().sandboxes());
    }

    @Test
    void goesOnAfterAFailure() throws Exception {
        CountDownLatch looks = new CountDownLatch(3);
        engine.onList = () -> {
            looks.countDown();
            throw new IllegalStateException("docker is away");
        };
        try (HostSweep sweep = over(run -> {
            throw new AssertionError("nothing is listed");
        })) {
            sweep.start(Duration.ofMillis(5));
            assertThat(looks.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closesWhileALookHangs() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        engine.onList = () -> {
            hanging.countDown();
            while (never.getCount() > 0) {
                Thread.onSpinWait();
            }
        };
        HostSweep sweep = over(run -> {
            throw new AssertionError("nothing is listed");
        });
        sweep.start();
        assertThat(hanging.await(10, TimeUnit.SECONDS)).as("it looks at once").isTrue();
        sweep.close();
        never.countDown();
    }
}
