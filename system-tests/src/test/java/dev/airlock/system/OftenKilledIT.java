package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.system.kafka.Broker;
import dev.airlock.system.kafka.Trail;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The worker dies at random points, over and over, while runs go on; every fourth time a broker goes with it for some seconds,
 * as when both stand in one rack. Nothing is lost, nothing is told with two contents, and each run ends once.
 */
@Tag("chaos")
class OftenKilledIT {
    private static final int LANES = 4;
    private static final int SHORTEST_LIFE_MS = 300;
    private static final int LONGEST_LIFE_MS = 9_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final AtomicBoolean enough = new AtomicBoolean();
    private final Queue<RunId> runs = new ConcurrentLinkedQueue<>();
    private Plant plant;

    @BeforeEach
    void start() throws IOException {
        plant = new Plant();
    }

    @AfterEach
    void stop() throws IOException {
        enough.set(true);
        if (plant != null) {
            plant.close();
        }
    }

    @Test
    void everyRunEndsOnceAndIsToldWhole() throws Exception {
        Tally tally = new Tally("worker-killed");
        Random random = Tally.random(tally);
        int kills = Tally.setting("kills", 50);
        try (ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                String lane = "lane-" + i;
                plant.workspace(lane);
                all.add(lanes.submit(() -> drive(lane)));
            }
            for (int i = 0; i < kills; i++) {
                Airlock.Server worker = plant.worker();
                int life = SHORTEST_LIFE_MS + random.nextInt(LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
                LockSupport.parkNanos(Duration.ofMillis(life).toNanos());
                if (i % 4 == 3) {
                    pauseWhile(plant.cluster.broker(1 + random.nextInt(3)), worker::kill);
                } else {
                    worker.kill();
                }
            }
            Airlock.Server last = plant.worker();
            enough.set(true);
            finish(all);
            count(tally.add("kills", kills));
            last.stop();
        }
    }

    /** It is stopped just before, and goes on when the next worker has had the time to take over. */
    private static void pauseWhile(Broker broker, Runnable kill) {
        broker.pause();
        LockSupport.parkNanos(Duration.ofMillis(600).toNanos());
        kill.run();
        Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(Duration.ofSeconds(6).toNanos());
            broker.resume();
        });
    }

    private static void finish(List<Future<?>> lanes) throws InterruptedException, ExecutionException {
        for (Future<?> lane : lanes) {
            lane.get();
        }
    }

    private void drive(String lane) {
        while (!enough.get()) {
            RunId run = insist(() -> plant.push(lane));
            runs.add(run);
            insist(() -> {
                plant.awaitReview(run);
                return run;
            });
            insist(() -> approve(run));
            RunStatus ended = insist(() -> plant.awaitEnd(run));
            assertThat(ended.outcome()).as("%s: %s", run, ended.reason()).isEqualTo(Outcome.PROMOTED);
        }
    }

    private RunId approve(RunId run) {
        try {
            plant.approve(run);
        } catch (AirlockException e) {
            // An earlier try was heard after all.
            if (e.code() != ErrorCode.ALREADY_DECIDED) {
                throw e;
            }
        }
        return run;
    }

    /** Again, as long as workers are killed, and for some minutes after. */
    private <T> T insist(Supplier<T> work) {
        long quiet = 0;
        while (true) {
            boolean over = enough.get();
            try {
                return work.get();
            } catch (AirlockException e) {
                boolean later = e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.TIMEOUT;
                quiet = over && quiet == 0 ? System.nanoTime() : quiet;
                if (!later || (quiet != 0 && System.nanoTime() - quiet > PATIENCE.toNanos())) {
                    throw e;
                }
            }
        }
    }

    private void count(Tally tally) {
        List<RunId> all = List.copyOf(runs);
        Trail trail = Trail.read(plant.cluster.clients());
        long again = 0;
        for (RunId run : all) {
            again += plant.client().status(run).steps().stream()
                    .filter(step -> step.verdict() == Verdict.LOST)
                    .count();
        }
        tally.add("runs", all.size())
                .add("lost-attempts", again)
                .add("events", trail.events())
                .add("records", trail.records())
                .add("copies", trail.copies())
                .add("conflicts", trail.conflicts().size())
                .add(
                        "lost",
                        all.stream().mapToLong(run -> plant.lost(trail, run)).sum())
                .tell();
        plant.assertWhole(all);
    }
}
