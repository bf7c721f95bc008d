package dev.airlock.starter.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.RealTemporal;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.workflows.id.RunId;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many requests while servers are killed and partitions move, and a burst with poison in it. No worker: runs begin and stay, which
 * is what is counted. {@code -Dchaos.requests}, {@code -Dchaos.burst} and {@code -Dchaos.seed} set how many, and when.
 */
@Tag("chaos")
class RequestsChaosIT {
    private static final int SERVERS = 3;
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(40);

    @Test
    void eachRequestStartsOneRunWhileServersAreKilledAndPartitionsMove(@TempDir Path root) throws Exception {
        int requests = Integer.getInteger("chaos.requests", 10_000);
        long seed = Long.getLong("chaos.seed", System.nanoTime());
        Random random = new Random(seed);
        try (RealTemporal temporal = new RealTemporal();
                Plant plant = new Plant(temporal.clients(), root)) {
            String target = temporal.clients().target();
            List<Process> servers = new ArrayList<>();
            int kills = 0;
            long begun = System.nanoTime();
            try {
                for (int i = 0; i < SERVERS; i++) {
                    servers.add(ServerProcess.start(plant, target));
                }
                plant.sendAll(
                        requests,
                        i -> "key " + i % 997,
                        i -> Plant.task("r" + i).getBytes(UTF_8));
                while (plant.lag() > 0) {
                    TimeUnit.NANOSECONDS.sleep(BETWEEN_KILLS.toNanos());
                    // The last of them may drain what is left in peace, or it would take for ever to see the end.
                    int victim = random.nextInt(SERVERS);
                    servers.get(victim).destroyForcibly().waitFor();
                    servers.set(victim, ServerProcess.start(plant, target));
                    kills++;
                    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
                }
            } finally {
                servers.forEach(Process::destroyForcibly);
            }
            Plant.await(() -> runs(temporal) >= requests, () -> "runs: " + runs(temporal));
            tell(
                    "requests-killed",
                    "requests",
                    requests,
                    "kills",
                    kills,
                    "runs",
                    runs(temporal),
                    "letters",
                    plant.letters().size(),
                    "seconds",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                    "seed",
                    seed);
            assertThat(runs(temporal)).as("one run each, and none missed").isEqualTo(requests);
            for (int i = 0; i < requests; i += 37) {
                assertThat(plant.started("r" + i)).as("r" + i).isTrue();
            }
            assertThat(plant.letters()).isEmpty();
        }
    }

    @Test
    void aBurstWithPoisonInItDoesNotStall(@TempDir Path root) throws Exception {
        int burst = Integer.getInteger("chaos.burst", 100_000);
        int poison = (burst + 99) / 100;
        int waiting = Math.min(2_000, burst / 10);
        int quota = burst - poison - waiting;
        try (RealTemporal temporal = new RealTemporal();
                Plant plant = new Plant(temporal.clients(), root);
                AirlockServer server = plant.server(Map.of("trigger.quota", Integer.toString(quota)))) {
            assertThat(server.ready().ready()).isTrue();
            IntFunction<byte[]> values = i -> i % 100 == 0
                    ? ("poison " + i).getBytes(UTF_8)
                    : Plant.task("b" + i).getBytes(UTF_8);
            long begun = System.nanoTime();
            for (int from = 0; from < burst; from += 5_000) {
                int first = from;
                plant.sendAll(Math.min(5_000, burst - from), i -> "key " + i % 997, i -> values.apply(first + i));
            }
            long sent = System.nanoTime();
            long largest = goesOnUntil(plant, () -> runs(temporal) >= quota);
            long full = System.nanoTime();
            assertThat(plant.lag()).as("what has no room waits").isGreaterThanOrEqualTo(waiting);
            end(temporal, plant, waiting + waiting / 10, burst);
            long ended = System.nanoTime();
            goesOnUntil(plant, () -> plant.lag() == 0);
            long settled = System.nanoTime();
            Plant.await(() -> runs(temporal) >= burst - poison, () -> "runs: " + runs(temporal));
            tell(
                    "requests-burst",
                    "records",
                    burst,
                    "poison",
                    poison,
                    "runs",
                    runs(temporal),
                    "letters",
                    plant.letters().size(),
                    "sentSeconds",
                    seconds(begun, sent),
                    "secondsUntilTheQuota",
                    seconds(begun, full),
                    "startsPerSecond",
                    quota / Math.max(1, seconds(begun, full)),
                    "waitedForRoom",
                    waiting,
                    "secondsToLag0OnceThereWasRoom",
                    seconds(ended, settled),
                    "heapMiB",
                    largest >> 20);
            assertThat(Duration.ofNanos(settled - ended))
                    .as("lag 0 once there is room for all that waited")
                    .isLessThan(Duration.ofSeconds(60));
            assertThat(runs(temporal)).isEqualTo(burst - poison);
            assertThat(plant.letters()).hasSize(poison);
        }
    }

    private static long seconds(long from, long to) {
        return TimeUnit.NANOSECONDS.toSeconds(to - from);
    }

    /** @return the most heap that was seen in use */
    private static long goesOnUntil(Plant plant, BooleanSupplier end) throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long largest = 0;
        long lag = Long.MAX_VALUE;
        long moved = System.nanoTime();
        while (!end.getAsBoolean()) {
            long now = plant.lag();
            if (now < lag) {
                lag = now;
                moved = System.nanoTime();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - moved))
                    .as("stalled at %s", now)
                    .isLessThan(Duration.ofSeconds(30));
            largest = Math.max(largest, runtime.totalMemory() - runtime.freeMemory());
            TimeUnit.SECONDS.sleep(1);
        }
        return largest;
    }

    /** Ends so many runs: room for others. */
    private static void end(RealTemporal temporal, Plant plant, int count, int burst) {
        List<RunId> open = IntStream.range(0, burst)
                .filter(i -> i % 100 != 0)
                .mapToObj(i -> plant.run("b" + i))
                .filter(run -> plant.runs().find(run).isPresent())
                .limit(count)
                .toList();
        open.parallelStream()
                .forEach(run -> temporal.clients()
                        .client()
                        .newUntypedWorkflowStub(run.value())
                        .terminate("room"));
    }

    private static long runs(RealTemporal temporal) {
        return temporal.clients()
                .stubs()
                .blockingStub()
                .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setQuery("WorkflowType = 'ChangeWorkflow'")
                        .build())
                .getCount();
    }

    private static void tell(String name, Object... counts) throws IOException {
        StringBuilder line = new StringBuilder("chaos: ").append(name);
        for (int i = 0; i < counts.length; i += 2) {
            line.append(' ').append(counts[i]).append('=').append(counts[i + 1]);
        }
        System.out.println(line);
        Path directory = Files.createDirectories(
                Path.of(System.getProperty("airlock.home", "..")).resolve("target"));
        Files.writeString(
                directory.resolve("chaos.txt"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
