package dev.airlock.workflows.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.review.ReviewActivities.CheckResult;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.validate.ValidateActivities.ValidateResult;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeWorkflowTest {
    private static final Principal RITA = new Principal("user:rita");

    private final TestRun test = new TestRun();

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    void promotesWhatWasApproved() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);

        assertThat(test.approve(RITA).accepted()).isTrue();

        assertThat(test.result()).isInstanceOfSatisfying(ChangeResult.Promoted.class, promoted -> {
            assertThat(promoted.commit()).isEqualTo(FakeWorld.commit(0xbeef));
            assertThat(promoted.view().outcome()).isEqualTo(Outcome.PROMOTED);
            assertThat(promoted.view().steps())
                    .extracting(StepView::id, StepView::attempt, StepView::verdict)
                    .containsExactly(
                            TestRun.step("generate", 1, Verdict.PASSED),
                            TestRun.step("validate", 1, Verdict.PASSED),
                            TestRun.step("test", 1, Verdict.PASSED),
                            TestRun.step("review", 1, Verdict.PASSED),
                            TestRun.step("promote", 1, Verdict.PASSED));
        });
        assertThat(test.world.moves).isEqualTo(1);
        assertThat(test.world.types())
                .startsWith("run.started", "step.started")
                .containsSubsequence(
                        "review.opened", "review.decided", "promotion.intended", "promotion.completed", "run.ended")
                .endsWith("run.ended");
    }

    @Test
    void tellsTheAuditThatNobodyElseHadTheRun() {
        test.task();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);
        test.result();

        assertThat(test.world.takenOver).hasSizeGreaterThan(2).containsOnly(false);
    }

    @Test
    void tellsTheAuditThatAnotherWorkerMayHaveHadTheRun() {
        try (TestRun forgetting = TestRun.forgetting()) {
            forgetting.task();
            forgetting.awaitState(RunState.WAITING_REVIEW);
            assertThat(forgetting.world.takenOver).containsOnly(false);
            forgetting.crowd();
            forgetting.await(view -> forgetting.world.types().stream()
                            .filter("review.opened"::equals)
                            .count()
                    == 2);
            forgetting.approve(RITA);
            forgetting.result();

            assertThat(forgetting.world.takenOver).contains(true);
        }
    }

    @Test
    void checksInItsOwnWorkflowTasks() {
        test.task();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);

        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
        assertThat(test.world.checked).containsExactly("validate at once", "prepare at once");
    }

    @Test
    void givesACheckTheTimeItNeedsWhenItIsNotDoneAtOnce() {
        test.world.checksTakeLong = true;
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);

        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
        assertThat(test.world.checked).containsExactly("validate at once", "validate", "prepare at once", "prepare");
        assertThat(test.world.types())
                .containsSubsequence("review.decided", "promotion.intended", "promotion.completed")
                .endsWith("run.ended");
    }

    @Test
    void goesBackToGenerateWithTheOutputWhenTestsAreRed() {
        test.world.sandboxAnswers.add(FakeWorld.generated(1));
        test.world.sandboxAnswers.add(FakeWorld.ended(1));
        test.task();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);

        assertThat(test.result().view().steps())
                .extracting(StepView::id, StepView::attempt, StepView::verdict)
                .startsWith(
                        TestRun.step("generate", 1, Verdict.PASSED),
                        TestRun.step("validate", 1, Verdict.PASSED),
                        TestRun.step("test", 1, Verdict.RED),
                        TestRun.step("generate", 2, Verdict.PASSED),
                        TestRun.step("validate", 2, Verdict.PASSED),
                        TestRun.step("test", 2, Verdict.PASSED));
        SandboxJob second = test.world.jobs.get(2);
        assertThat(second.input().output()).isEqualTo(FakeWorld.OUTPUT);
        assertThat(second.tree().commit()).isEqualTo(FakeWorld.commit(1));
    }

    @Test
    void failsWhenTheAttemptsAreUsedUp() {
        for (int i = 0; i < 3; i++) {
            test.world.sandboxAnswers.add(FakeWorld.generated(i));
            test.world.sandboxAnswers.add(FakeWorld.ended(1));
        }
        test.task();

        assertThat(test.result()).isInstanceOf(ChangeResult.Failed.class);
        assertThat(test.world.moves).isZero();
    }

    @Test
    void refusesAPushedCandidateWithFindings() {
        test.world.findings.add(new ValidateResult(FakeWorld.digest(5), 2, 0));
        test.push();

        assertThat(test.result()).isInstanceOf(ChangeResult.Refused.class);
    }

    @Test
    void handsFindingsToTheNextAttempt() {
        test.world.findings.add(new ValidateResult(FakeWorld.digest(5), 2, 0));
        test.task();
        test.awaitState(RunState.WAITING_REVIEW);

        assertThat(test.world.jobs.get(1).input().findings()).isEqualTo(FakeWorld.digest(5));
    }

    @Test
    void rejectsWithTheReviewersReason() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);

        DecisionResult no = test.run().decide(new Decision.Reject("d1", RITA, null, "wrong branch"));

        assertThat(no.accepted()).isTrue();
        assertThat(test.result()).isInstanceOf(ChangeResult.Rejected.class);
        assertThat(test.result().view().reason()).contains("wrong branch");
    }

    @Test
    void handsARequestForChangesToTheNextAttempt() {
        test.task();
        test.awaitState(RunState.WAITING_REVIEW);

        test.run().decide(new Decision.RequestChanges("d1", RITA, FakeWorld.EVIDENCE, "name it better"));
        test.awaitReview(2);

        assertThat(test.world.jobs.get(2).input().reason()).isEqualTo("name it better");
        test.approve(RITA);
        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
    }

    @Test
    void expiresWhenNobodyDecides() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
        test.skip(Duration.ofDays(2).plusMinutes(1));

        assertThat(test.result()).isInstanceOf(ChangeResult.Expired.class);
    }

    @Test
    void waitsLongerWhenTheReviewIsExtended() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
        test.run().extend(new Extend(RITA, Duration.ofHours(12)));
        test.skip(Duration.ofDays(2).plusMinutes(1));

        assertThat(test.run().view().state()).isEqualTo(RunState.WAITING_REVIEW);
        test.approve(RITA);
        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
    }

    @Test
    void cancelsWhileASandboxRuns() {
        test.world.sandboxHangs = true;
        test.push();
        test.awaitStep("test");

        assertThat(test.run().cancel(new Cancel(RITA, "not needed")).accepted()).isTrue();
        assertThat(test.result()).isInstanceOf(ChangeResult.Cancelled.class);
        assertThat(test.world.types()).endsWith("run.ended");
    }

    @Test
    void refusesToCancelWhilePromoting() {
        CountDownLatch gate = new CountDownLatch(1);
        test.world.moveGate = gate;
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);
        test.awaitState(RunState.PROMOTING);

        assertRefused(() -> test.run().cancel(new Cancel(RITA, "too late")), RefusalCode.ALREADY_DECIDED);
        assertRefused(() -> test.approve(new Principal("user:max")), RefusalCode.ALREADY_DECIDED);
        gate.countDown();
        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
    }

    @Test
    void refusesDecisionsThatCannotCount() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);

        assertRefused(() -> test.approve(TestRun.AUTHOR), RefusalCode.SELF_APPROVAL);
        assertRefused(() -> test.approve(new Principal("agent:coder")), RefusalCode.NOT_A_REVIEWER);
        assertRefused(
                () -> test.run().decide(new Decision.Approve("d9", RITA, FakeWorld.digest(77))),
                RefusalCode.STALE_EVIDENCE);
        assertRefused(() -> test.run().retry(new Retry(RITA, null)), RefusalCode.USAGE);
        assertThat(test.approve(RITA).accepted()).isTrue();
        test.result();
    }

    @Test
    void endsAsRefusedWhenTheBaseMovedBeforeTheApproval() {
        test.world.fitness = new CheckResult(Fitness.BASE_MOVED, "main is elsewhere");
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);

        DecisionResult result = test.approve(RITA);

        assertThat(result.accepted()).isFalse();
        assertThat(result.code()).isEqualTo(RefusalCode.BASE_MOVED);
        assertThat(test.result()).isInstanceOf(ChangeResult.Refused.class);
        assertThat(test.world.moves).isZero();
    }

    @Test
    void parksWhatCouldNotFindOutUntilSomebodyRetries() {
        test.world.sandboxTroubles.add(Failures.of(FailureType.IMAGE_ABSENT, "no image tools", null));
        test.push();
        test.awaitState(RunState.NEEDS_ATTENTION);
        assertThat(test.run().view().reason()).contains("no image tools");

        assertThat(test.run().retry(new Retry(RITA, "test")).accepted()).isTrue();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);

        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
        assertThat(test.result().view().steps())
                .extracting(StepView::id, StepView::attempt, StepView::verdict)
                .contains(TestRun.step("test", 1, Verdict.LOST), TestRun.step("test", 2, Verdict.PASSED));
        assertThat(test.world.types()).contains("run.attention");
    }

    @Test
    void sendsADetachedJobToTheHostThatHasItsSandbox() {
        test.world.sandboxTroubles.add(
                Failures.of(FailureType.DETACHED, "going down", null, new SandboxPlace(TestRun.HOST, "box")));
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);

        assertThat(test.world.jobs).hasSize(2);
        assertThat(test.world.jobs.get(0)).isEqualTo(test.world.jobs.get(1));
        assertThat(test.onHostQueue).hasValue(1);
    }

    @Test
    void triesAgainWhatTheInfrastructureLost() {
        test.world.sandboxAnswers.add(new SandboxResult.Lost("daemon restarted"));
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);

        assertThat(test.run().view().steps())
                .extracting(StepView::id, StepView::attempt, StepView::verdict)
                .contains(TestRun.step("test", 1, Verdict.LOST), TestRun.step("test", 2, Verdict.PASSED));
        assertThat(test.world.types()).contains("step.lost");
    }

    @Test
    void callsItRedWhenTheSameTreeKillsItsSandboxTwice() {
        test.world.sandboxAnswers.add(new SandboxResult.Died("no verdict", "image", FakeWorld.ENGINE));
        test.world.sandboxAnswers.add(new SandboxResult.Died("no verdict", "image", FakeWorld.ENGINE));
        test.push();

        assertThat(test.result()).isInstanceOf(ChangeResult.Failed.class);
        assertThat(test.result().view().reason()).contains("SANDBOX_DIED");
    }

    @Test
    void doesNotPromoteBeforeItsIntentIsOnTheAuditTrail() {
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
        test.world.kafkaIsDown = true;
        test.approve(RITA);
        test.awaitState(RunState.PROMOTING);
        assertThat(test.world.moves).isZero();

        test.world.kafkaIsDown = false;
        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
        assertThat(test.world.moves).isEqualTo(1);
    }

    @Test
    void worksOnWhatWasPushedWhenNothingGenerates() {
        test.pipeline(steps -> steps.subList(1, steps.size()));
        test.push();
        test.awaitState(RunState.WAITING_REVIEW);
        test.approve(RITA);

        assertThat(test.result()).isInstanceOf(ChangeResult.Promoted.class);
    }

    @Test
    void refusesATaskThatNothingGenerates() {
        test.pipeline(steps -> steps.subList(1, steps.size()));
        test.task();

        assertThat(test.result()).isInstanceOf(ChangeResult.Refused.class);
    }

    @Test
    void refusesToPromoteWhatNobodyApproved() {
        test.pipeline(steps -> List.of(steps.get(0), steps.get(1), steps.get(2), steps.get(4)));
        test.push();

        assertThat(test.result()).isInstanceOf(ChangeResult.Refused.class);
        assertThat(test.world.moves).isZero();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, RefusalCode code) {
        assertThatThrownBy(call)
                .cause()
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        failure -> assertThat(failure.getType()).isEqualTo(code.name()));
    }
}
