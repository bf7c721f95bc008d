package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.run.RunStatus;
import dev.airlock.system.kafka.Trail;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A time in which Kafka is away or unwell, seen from the runs: some are approved when it begins, others are started all the
 * time, the worker is killed in the middle; and afterwards everything is told.
 */
final class Outage {
    private static final int APPROVED = 4;
    private static final Duration PACE = Duration.ofSeconds(2);
    private static final Duration DRAINED = Duration.ofSeconds(60);
    private static final String FILLER = "filler";

    private final Plant plant;
    private final Tally tally;
    private final Duration length;
    private final Map<String, RunId> approved = new HashMap<>();
    private final Map<String, CommitId> tips = new HashMap<>();
    private final List<RunId> started = new ArrayList<>();
    private final List<Double> toReview = new ArrayList<>();
    private Airlock.Server worker;
    private long start;
    private long most;

    Outage(Plant plant, String name, int seconds) throws IOException {
        this.plant = plant;
        this.length = Duration.ofSeconds(seconds);
        this.tally = new Tally(name).add("seconds", seconds);
        this.worker = plant.worker();
        plant.workspace(FILLER);
        List<Double> before = new ArrayList<>();
        for (int i = 0; i < APPROVED; i++) {
            String workspace = "lane-" + i;
            plant.workspace(workspace);
            tips.put(workspace, plant.tip(workspace));
            before.add(timed(() -> approved.put(workspace, pushed(workspace))));
        }
        tally.add("to-review-before-ms", median(before)).add("rss-before-mb", Plant.residentMegabytes(worker));
    }

    /** Breaks it, then approves what waits for review. */
    void begin(Runnable breaking) {
        breaking.run();
        start = System.nanoTime();
        approved.values().forEach(plant::approve);
    }

    /** Lives through it: new runs reach their review all the time, promotions do not move a branch. */
    void assertPromotionsWait() throws IOException {
        for (RunId run : approved.values()) {
            Airlock.await(() -> plant.stateOf(run) == RunState.PROMOTING, run + " does not get to its intent");
        }
        live();
        for (Map.Entry<String, RunId> one : approved.entrySet()) {
            assertThat(plant.stateOf(one.getValue())).isEqualTo(RunState.PROMOTING);
            assertThat(plant.tip(one.getKey())).isEqualTo(tips.get(one.getKey()));
        }
    }

    /** Lives through it: promotions go on. */
    void awaitPromotions() {
        double seconds = timed(() -> approved.values().forEach(this::assertPromoted)) / 1000;
        tally.add("promoted-after-s", seconds);
        live();
    }

    private void live() {
        boolean killed = false;
        while (System.nanoTime() - start < length.toNanos()) {
            long next = System.nanoTime() + PACE.toNanos();
            toReview.add(timed(() -> started.add(pushed(FILLER))));
            most = Math.max(most, Plant.residentMegabytes(worker));
            if (!killed && System.nanoTime() - start > length.toNanos() / 2) {
                killed = true;
                worker.kill();
                worker = plant.worker();
            }
            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
        }
    }

    /** @param healing returns when Kafka is well */
    void end(Runnable healing) {
        healing.run();
        long well = System.nanoTime();
        approved.values().forEach(this::assertPromoted);
        Airlock.await(this::everyReviewIsTold, "the trail does not tell of every review");
        Duration drained = Duration.ofNanos(System.nanoTime() - well);
        tally.add("started-meanwhile", started.size())
                .add("to-review-meanwhile-ms", median(toReview))
                .add(
                        "slowest-ms",
                        toReview.stream().mapToDouble(one -> one).max().orElse(0))
                .add("rss-most-mb", most)
                .add("drained-s", drained.toMillis() / 1000.0);
        assertThat(drained).isLessThanOrEqualTo(DRAINED);
    }

    private boolean everyReviewIsTold() {
        Trail trail = Trail.read(plant.cluster.clients());
        return started.stream().allMatch(run -> trail.count(run.value(), "review.opened") == 1);
    }

    /** Ends everything, and counts. */
    void settle() {
        started.forEach(plant::reject);
        started.forEach(run -> assertThat(plant.awaitEnd(run).outcome()).isEqualTo(Outcome.REJECTED));
        List<RunId> all = new ArrayList<>(started);
        all.addAll(approved.values());
        try {
            Trail trail = plant.assertWhole(all);
            tally.add("runs", all.size())
                    .add("events", trail.events())
                    .add("records", trail.records())
                    .add("copies", trail.copies())
                    .add(
                            "lost",
                            all.stream()
                                    .mapToLong(run -> plant.lost(trail, run))
                                    .sum())
                    .add("conflicts", trail.conflicts().size());
        } finally {
            tally.tell();
        }
        worker.stop();
    }

    private RunId pushed(String workspace) {
        RunId run = plant.push(workspace);
        plant.awaitReview(run);
        return run;
    }

    private void assertPromoted(RunId run) {
        RunStatus status = plant.awaitEnd(run);
        assertThat(status.outcome()).as("%s: %s", run, status.reason()).isEqualTo(Outcome.PROMOTED);
    }

    private static double timed(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }
}
