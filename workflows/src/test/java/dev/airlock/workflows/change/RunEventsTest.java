package dev.airlock.workflows.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events that others send to a run. */
class RunEventsTest {
    private static final Principal RITA = new Principal("user:rita");

    private final TestRun test = new TestRun();

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    void keepsNoMoreThanItCanAndTellsWhatItDrops() {
        waitForReview();
        for (int i = 0; i < EventInbox.MOST_KEPT + 2; i++) {
            test.run().event(event("e" + i));
            test.run().event(event("e0"));
        }
        finish();

        assertThat(dropped()).extracting(data -> data.get("id")).containsExactly("e64", "e65");
        assertThat(dropped().getFirst()).containsEntry("reason", "64 events wait for a step already");
    }

    /** An outage of Kafka and somebody who floods the run: what is to be told must still fit into a payload. */
    @Test
    void tellsALotInSmallPortions() {
        waitForReview();
        test.world.kafkaIsDown = true;
        for (int i = 0; i < 400; i++) {
            test.run().event(event("e" + i));
        }
        test.world.kafkaIsDown = false;
        finish();

        assertThat(dropped()).hasSize(400 - EventInbox.MOST_KEPT);
        assertThat(test.world.largestBatch).isLessThanOrEqualTo(50);
    }

    @Test
    void tellsWhatIsNoEventAndGoesOn() {
        waitForReview();
        WorkflowStub raw = WorkflowStub.fromTyped(test.run());
        raw.signal("event", Map.of("id", "only \ud83d\ude00".substring(0, 6)));
        raw.signal("event", List.of("not", "an", "object"));
        raw.signal("event", Map.of("time", "yesterday"));
        raw.signal("event");
        test.run().event(new RunEvent("ci", "\ud83d", "go", "x".repeat(RunEvent.LONGEST_DATA + 1), Instant.EPOCH));
        finish();

        assertThat(dropped())
                .extracting(data -> data.get("id"), data -> data.get("reason"))
                .contains(tuple("\ufffd", "data is at most " + RunEvent.LONGEST_DATA + " characters"));
        assertThat(test.world.types()).endsWith("run.ended");
    }

    @Test
    void anEventThatCameBeforeItsWaitReleasesIt() {
        waits(null, Duration.ofHours(1));
        waitForReview();
        test.run().event(event("early"));
        test.run().event(event("early"));

        finish();

        assertThat(released()).containsExactly(Map.of("source", "ci", "id", "early", "type", "deploy.finished"));
        assertThat(test.world.checked).doesNotContain("match at once");
    }

    @Test
    void waitsForTheOneThatMatches() {
        waits("green", Duration.ofHours(1));
        waitForReview();
        test.run().event(event("early"));
        test.approve(RITA);
        test.awaitState(RunState.WAITING_EVENT);
        assertThat(test.run().view().reason()).isEqualTo("waits for an event deploy.finished");
        test.run().event(new RunEvent("ci", "other", "deploy.started", "green", Instant.EPOCH));
        test.run().event(new RunEvent("ci", "late", "deploy.finished", "green", Instant.EPOCH));

        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
        assertThat(released()).extracting(event -> event.get("id")).containsExactly("late");
    }

    @Test
    void expiresWhenNothingThatMatchesComesInTime() {
        waits("green", Duration.ofHours(1));
        waitForReview();
        test.approve(RITA);
        test.awaitState(RunState.WAITING_EVENT);
        test.run().event(event("red"));
        test.skip(Duration.ofHours(2));

        ChangeView view = test.result().view();
        assertThat(view.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(view.reason())
                .isEqualTo("no event deploy.finished came within PT1H that matches; the last one, red: no green");
        assertThat(view.steps()).extracting(StepView::id, StepView::verdict).contains(tuple("await", Verdict.RED));
        assertThat(test.world.moves).isZero();
    }

    @Test
    void isCancelledWhileItWaits() {
        waits(null, Duration.ofHours(1));
        waitForReview();
        test.approve(RITA);
        test.awaitState(RunState.WAITING_EVENT);

        assertThat(test.run().cancel(new Cancel(RITA, "not needed")).accepted()).isTrue();

        assertThat(test.result().view().outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void oneEventReleasesOneWait() {
        test.pipeline(steps -> List.of(wait("first", null), wait("second", null)));
        test.push();
        test.run().event(event("one"));
        test.awaitState(RunState.WAITING_EVENT);
        test.run().event(event("one"));
        test.run().event(event("two"));

        assertThat(test.result().view().reason()).contains("no promote step");
        assertThat(released()).extracting(event -> event.get("id")).containsExactly("one", "two");
    }

    @Test
    void sendsOnceAndSaysSo() {
        sends();
        waitForReview();
        finish();

        assertThat(test.world.sent).hasSize(1);
        assertThat(test.world.sent.getFirst().message().topic()).isEqualTo("deploys");
        assertThat(released().getFirst()).containsEntry("id", "event-1").containsEntry("topic", "deploys");
    }

    @Test
    void asksSomebodyWhenItMayNotSend() {
        test.world.sendTroubles.add(Failures.of(FailureType.TOPIC_REFUSED, "AIRLOCK_EMIT_TOPICS", null));
        sends();
        waitForReview();
        test.approve(RITA);
        test.awaitState(RunState.NEEDS_ATTENTION);
        assertThat(test.run().view().reason()).contains("AIRLOCK_EMIT_TOPICS");

        test.run().retry(new Retry(RITA, "tell"));

        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
        assertThat(test.world.sent.getFirst().at().attempt()).isEqualTo(2);
    }

    private void waits(@Nullable String match, Duration timeout) {
        StepUse.Wait use = new StepUse.Wait("deploy.finished", match, timeout);
        beforePromote(new Step("await", List.of("review"), null, null, use));
    }

    private void sends() {
        StepUse.Emit use = new StepUse.Emit("deploys", "deploy.wanted", "{}");
        beforePromote(new Step("tell", List.of("review"), null, null, use));
    }

    private void beforePromote(Step step) {
        test.pipeline(steps -> {
            List<Step> more = new ArrayList<>(steps);
            more.add(more.size() - 1, step);
            return more;
        });
    }

    private static Step wait(String id, @Nullable String match) {
        return new Step(id, List.of(), null, null, new StepUse.Wait("deploy.finished", match, Duration.ofHours(1)));
    }

    private static RunEvent event(String id) {
        return new RunEvent("ci", id, "deploy.finished", "{}", Instant.EPOCH);
    }

    /** What the trail says of events that were taken or sent. */
    private List<Map<String, Object>> released() {
        return List.copyOf(test.world.trail).stream()
                .map(entry -> entry.data().get("event"))
                .filter(Map.class::isInstance)
                .map(event -> {
                    Map<String, Object> members = new TreeMap<>();
                    ((Map<?, ?>) event).forEach((key, value) -> members.put(key.toString(), value));
                    return members;
                })
                .toList();
    }

    private void waitForReview() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
    }

    private void finish() {
        test.approve(RITA);
        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
    }

    private List<Map<String, Object>> dropped() {
        return List.copyOf(test.world.trail).stream()
                .filter(entry -> entry.type().equals("event.dropped"))
                .map(AuditEntry::data)
                .toList();
    }
}
