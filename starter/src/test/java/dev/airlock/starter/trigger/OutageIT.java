package dev.airlock.starter.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.RealTemporal;
import dev.airlock.starter.server.AirlockServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While Temporal is away nothing is dropped and nothing is taken on without end; then all of it starts, in order for each key. */
class OutageIT {
    private static final int KEYS = 10;
    private static final int RECORDS = 400;

    @Test
    void temporalAway(@TempDir Path root) throws Exception {
        try (RealTemporal temporal = new RealTemporal();
                Plant plant = new Plant(temporal.clients(), root);
                Wire wire = new Wire(temporal.clients().target());
                AirlockServer server = plant.server(wire.address(), Map.of("trigger.quota", "100000"))) {
            assertThat(server.ready().ready()).isTrue();
            plant.send("key 0", Plant.task("before"));
            plant.awaitLag(0);

            wire.cut();
            plant.sendAll(
                    RECORDS, i -> "key " + i % KEYS, i -> Plant.task("r" + i).getBytes(UTF_8));
            long lag = plant.lag();
            assertThat(lag).isEqualTo(RECORDS);
            assertThat(plant.letters()).isEmpty();
            wire.mend();
            plant.awaitLag(0);

            assertThat(plant.letters()).as("an outage is nobody's fault").isEmpty();
            for (int key = 0; key < KEYS; key++) {
                List<Instant> started = new ArrayList<>();
                for (int i = key; i < RECORDS; i += KEYS) {
                    started.add(plant.runs().get(plant.run("r" + i)).started());
                }
                assertThat(started).as("of key " + key).isSorted();
            }
        }
    }
}
