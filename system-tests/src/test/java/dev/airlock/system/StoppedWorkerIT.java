package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.system.kafka.Trail;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker stands still in the middle of something, another one takes over, and then the first goes on as if nothing had been.
 * What it brings is refused, and no id gets a second content.
 */
@Tag("chaos")
class StoppedWorkerIT {
    private static final String LANE = "lane";
    private static final Duration TAKEN_OVER = Duration.ofSeconds(12);

    private Plant plant;

    @BeforeEach
    void start() throws IOException {
        plant = new Plant();
    }

    @AfterEach
    void stop() throws IOException {
        if (plant != null) {
            plant.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate.checked", "audit.before-send", "audit.sent"})
    void inTheMiddleOfAWorkflowTask(String point) throws IOException {
        plant.workspace(LANE);
        Airlock.Server late = stopping(point);
        RunId run = plant.push(LANE);
        late.awaitStopped();

        // Where the trail was slow, the agent may have been started on the machine that stands still now.
        Airlock.Server next = plant.workerElsewhere("next");
        plant.awaitReviewElsewhere(run);
        late.resume();

        assertEndsOnceThrough(run, late, next);
    }

    @Test
    void inTheMiddleOfAPromotion() throws IOException {
        plant.workspace(LANE);
        Airlock.Server late = stopping("promote.before-move");
        RunId run = plant.push(LANE);
        plant.awaitReview(run);
        plant.approve(run);
        late.awaitStopped();

        Airlock.Server next = plant.workerElsewhere("next");
        assertThat(plant.awaitEnd(run).outcome()).isEqualTo(Outcome.PROMOTED);
        CommitId tip = plant.tip(LANE);
        late.resume();
        RunId second = assertWorksOn(late, next);

        assertThat(plant.awaitEnd(run).promoted()).isEqualTo(tip);
        plant.assertWhole(List.of(run, second));
    }

    /** The sandbox is on the stopped worker's machine: it goes on, and so does the step once the worker does. */
    @Test
    void inTheMiddleOfAStepAndGoesOnSoonEnough() throws IOException {
        plant.workspace(LANE, 20);
        Airlock.Server late = plant.worker();
        RunId run = plant.push(LANE);
        awaitOutput(run, 1);
        late.pause();

        Airlock.Server next = plant.workerElsewhere("next");
        LockSupport.parkNanos(TAKEN_OVER.toNanos());
        late.resume();
        plant.awaitReview(run);

        assertThat(attempts(run, "generate")).containsExactly("1:PASSED");
        assertThat(output(run)).isEqualTo(count(200));
        assertEndsOnceThrough(run, late, next);
    }

    /** Past two minutes the machine counts as lost, and the step is done elsewhere. */
    @Test
    void inTheMiddleOfAStepForTooLong() throws IOException {
        plant.workspace(LANE, 6);
        Airlock.Server late = plant.worker();
        RunId run = plant.push(LANE);
        awaitOutput(run, 1);
        late.pause();

        Airlock.Server next = plant.workerElsewhere("next");
        plant.awaitRetry(run, "generate");
        late.resume();
        plant.awaitReview(run);

        assertThat(attempts(run, "generate")).containsExactly("1:LOST", "2:PASSED");
        assertThat(output(run)).isEqualTo(count(60));
        assertEndsOnceThrough(run, late, next);
    }

    /** It has told something that Kafka could not take yet, and that nobody else knows of. */
    @Test
    void withEventsInItsProducer() throws IOException {
        plant.workspace(LANE);
        Airlock.Server late = plant.worker();
        RunId before = plant.push(LANE);
        plant.awaitReview(before);
        plant.cluster.killAll();
        RunId run = plant.push(LANE);
        Airlock.await(() -> plant.historyLength(run) >= 3, "no workflow task is begun");
        // The task is over in two seconds, whatever Kafka does.
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        late.pause();
        assertThat(plant.historyLength(run)).as("events in history").isEqualTo(3);

        plant.cluster.startAll();
        plant.cluster.awaitReplicas(3);
        Airlock.Server next = plant.workerElsewhere("next");
        plant.awaitReview(run);
        late.resume();

        plant.approve(before);
        assertThat(plant.awaitEnd(before).outcome()).isEqualTo(Outcome.PROMOTED);
        plant.reject(run);
        plant.awaitEnd(run);
        RunId last = assertWorksOn(late, next);
        plant.assertWhole(List.of(before, run, last));
    }

    private Airlock.Server stopping(String point) {
        return plant.airlock.worker(Map.of("AIRLOCK_FAILPOINTS", point + ":stop"));
    }

    private void assertEndsOnceThrough(RunId run, Airlock.Server late, Airlock.Server next) {
        plant.approve(run);
        assertThat(plant.awaitEnd(run).outcome()).isEqualTo(Outcome.PROMOTED);
        RunId second = assertWorksOn(late, next);
        plant.assertWhole(List.of(run, second));
    }

    /** The one that stood still is alone again, and what it had in hand has gone where it belongs. */
    private RunId assertWorksOn(Airlock.Server late, Airlock.Server next) {
        next.stop();
        assertThat(late.process().isAlive()).isTrue();
        RunId run = plant.push(LANE);
        plant.awaitReview(run);
        plant.approve(run);
        assertThat(plant.awaitEnd(run).outcome()).isEqualTo(Outcome.PROMOTED);
        late.stop();
        Trail trail = Trail.read(plant.cluster.clients());
        assertThat(trail.conflicts()).as("ids with two contents").isEmpty();
        return run;
    }

    private void awaitOutput(RunId run, int attempt) {
        Airlock.await(
                () -> plant.airlock
                                .output(run.value(), "generate", attempt)
                                .toFile()
                                .length()
                        > 20,
                "generate prints nothing");
    }

    private List<String> attempts(RunId run, String step) {
        return plant.client().status(run).steps().stream()
                .filter(one -> one.id().equals(step))
                .map(one -> one.attempt() + ":" + one.verdict())
                .toList();
    }

    private String output(RunId run) {
        return Run.text(plant.airlock.ok("logs", run.value(), "--step", "generate"));
    }

    private static String count(int last) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= last; i++) {
            lines.append(i).append('\n');
        }
        return lines.toString();
    }
}
