package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.session.InteractiveSandbox;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sandbox for a long day: as many commands as its workflow and sandbox-init keep only a part of. */
@Tag("chaos")
class ThousandCommandsIT {
    @Test
    void everyCommandRunsOnceAndIsAnswered() throws Exception {
        int commands = Tally.setting("commands", 1_100);
        try (Interactive plant = new Interactive()) {
            Airlock.Server first = plant.worker();
            InteractiveSandbox sandbox = plant.start(Duration.ofHours(1), 500);
            first.stop();
            plant.count(sandbox, commands, commands / 3, 2 * commands / 3);
            assertThat(plant.airlock
                            .ok("audit", "verify", sandbox.id().value())
                            .json()
                            .path("events")
                            .asInt())
                    .isEqualTo(1 + commands + 1 + 1);
        }
    }
}
