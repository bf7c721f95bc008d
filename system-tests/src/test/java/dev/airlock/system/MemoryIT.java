package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Without a {@code temporal} command everything works as well, as long as the process lives. */
class MemoryIT {
    private Airlock airlock;

    @BeforeEach
    void make() throws IOException {
        airlock = new Airlock();
    }

    @AfterEach
    void close() throws IOException {
        airlock.close();
    }

    @Test
    void carriesAChangeFromTaskToPromotionThoughTheWorkerIsKilled() {
        Airlock.Server dev = airlock.dev("--temporal", "memory", "--no-worker");
        assertThat(dev.ready().at("/temporal/kind").asText()).isEqualTo("memory");
        assertThat(dev.ready().at("/temporal/ui").isNull()).isTrue();
        Airlock.Server worker = airlock.worker();
        airlock.ok("workspace", "create", "orders", "--from", Airlock.ORDERS.toString());
        String run = airlock.ok(
                        "push",
                        "orders",
                        "--task",
                        Airlock.ORDERS.resolve("task.md").toString())
                .text("/run");
        airlock.ok("wait", run, "--for", "review", "--timeout", "180s");
        worker.kill();

        assertThat(airlock.status(run).path("state").asText()).isEqualTo("WAITING_REVIEW");
        assertThat(runs("--state", "waiting_review").at("/0/run").asText()).isEqualTo(run);
        airlock.worker();
        String evidence = airlock.ok("review", run).text("/evidence");
        airlock.ok("approve", run, "--as", "user:rita", "--evidence", evidence);
        JsonNode ended =
                airlock.ok("wait", run, "--for", "end", "--timeout", "60s").json();

        assertThat(ended.path("outcome").asText()).isEqualTo("PROMOTED");
        JsonNode all = airlock.ok("audit", "verify", "--all").json();
        assertThat(all.path("ok").asBoolean()).isTrue();
        assertThat(all.path("runs").asInt()).isEqualTo(1);
        JsonNode verified = airlock.ok("audit", "verify", run).json();
        assertThat(verified.path("ok").asBoolean()).isTrue();
        assertThat(verified.path("events").asText())
                .isEqualTo(ended.at("/audit/sequence").asText());
        assertThat(airlock.ok("logs", run, "--step", "test", "--attempt", "1").out())
                .isNotEmpty();
        assertThat(runs("--workspace", "orders").at("/0/outcome").asText()).isEqualTo("PROMOTED");
    }

    @Test
    void doesNotForgetWhatAnEarlierServerKeptBecauseTheCommandIsGone() throws IOException {
        Path database = airlock.state.resolve("temporal/temporal.db");
        Files.createDirectories(database.getParent());
        Files.writeString(database, "");

        Answer refused = airlock.run(withoutTemporal(airlock), "dev").expectExit(2);

        assertThat(refused.text("/error/code")).isEqualTo("UNAVAILABLE");
        assertThat(refused.text("/error/message")).isEqualTo("the temporal command is missing");
    }

    private JsonNode runs(String... options) {
        String[] words = new String[options.length + 1];
        words[0] = "runs";
        System.arraycopy(options, 0, words, 1, options.length);
        return airlock.ok(words).json().path("items");
    }

    /** An environment in which no {@code temporal} command is found. */
    static Map<String, String> withoutTemporal(Airlock airlock) throws IOException {
        String path = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .filter(directory -> !Files.exists(Path.of(directory, "temporal")))
                .collect(Collectors.joining(File.pathSeparator));
        return Map.of("PATH", path, "XDG_CACHE_HOME", airlock.scratch("cache").toString());
    }
}
