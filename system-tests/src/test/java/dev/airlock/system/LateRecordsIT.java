package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.system.kafka.Broker;
import dev.airlock.system.kafka.TcpProxy;
import dev.airlock.system.kafka.Trail;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a worker had sent when it died comes to light only after another one has told the same. The trail must not hold one
 * id with two contents then, since a verifier must call that tampering.
 */
@Tag("chaos")
class LateRecordsIT {
    private static final int LANES = 6;
    private static final int ROUNDS = 4;
    private static final Duration TAKEN_OVER = Duration.ofSeconds(9);

    private Plant plant;

    @BeforeEach
    void start() throws IOException {
        plant = new Plant();
        for (int i = 0; i < LANES; i++) {
            plant.workspace("lane-" + i);
        }
    }

    @AfterEach
    void stop() throws IOException {
        if (plant != null) {
            plant.close();
        }
    }

    /** Appended by the leader, and by nobody else before its followers wake up: no reader sees that. */
    @Test
    void recordsThatTheFollowersLacked() throws IOException {
        List<Broker> followers = plant.cluster.leaderFirst(0);
        rounds(
                "late-behind-followers",
                () -> followers.subList(1, 3).forEach(Broker::pause),
                () -> followers.subList(1, 3).forEach(Broker::resume));
    }

    /** On their way when their sender died. */
    @Test
    void recordsThatTheNetworkHeld() throws IOException {
        rounds(
                "late-in-the-network",
                () -> plant.cluster.proxies().forEach(TcpProxy::hold),
                () -> plant.cluster.proxies().forEach(TcpProxy::heal));
    }

    private void rounds(String name, Runnable breaking, Runnable healing) {
        Tally tally = new Tally(name).add("rounds", ROUNDS);
        Random random = Tally.random(tally);
        List<RunId> runs = new ArrayList<>();
        Airlock.Server worker = plant.worker();
        for (int round = 0; round < ROUNDS; round++) {
            List<RunId> waiting = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                waiting.add(plant.push("lane-" + i));
            }
            waiting.forEach(plant::awaitReview);
            runs.addAll(waiting);
            breaking.run();
            try (ExecutorService approving = Executors.newVirtualThreadPerTaskExecutor()) {
                waiting.forEach(run -> approving.execute(() -> approve(run)));
                LockSupport.parkNanos(
                        Duration.ofMillis(200 + random.nextInt(1100)).toNanos());
                worker.kill();
                worker = plant.worker();
                LockSupport.parkNanos(TAKEN_OVER.toNanos());
                healing.run();
            }
            waiting.forEach(run ->
                    assertThat(plant.awaitEnd(run).outcome()).as("%s", run).isEqualTo(Outcome.PROMOTED));
        }
        count(tally, runs);
        worker.stop();
    }

    private void approve(RunId run) {
        try {
            plant.approve(run);
        } catch (AirlockException e) {
            // Nobody was there to answer in time; what was asked for is taken up all the same.
            assertThat(e.getMessage()).contains(run.value());
        }
    }

    private void count(Tally tally, List<RunId> runs) {
        Trail trail = Trail.read(plant.cluster.clients());
        tally.add("runs", runs.size())
                .add("events", trail.events())
                .add("records", trail.records())
                .add("copies", trail.copies())
                .add("conflicts", trail.conflicts().size())
                .add("topic", Topics.AUDIT)
                .tell();
        plant.assertWhole(runs);
    }
}
