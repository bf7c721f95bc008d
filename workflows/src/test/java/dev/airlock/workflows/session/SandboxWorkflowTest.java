package dev.airlock.workflows.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.ExecRequest;
import dev.airlock.workflows.session.SessionRequest.Timing;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SandboxWorkflowTest {
    private TestSession test = new TestSession(TestSession.busy());

    @AfterEach
    void stop() {
        test.close();
    }

    private void live(Timing timing) {
        test.close();
        test = new TestSession(timing);
    }

    @Test
    void runsCommandsAndEnds() {
        test.start();
        assertThat(test.sandbox().ready().state()).isEqualTo(SessionState.READY);
        test.host.execAnswers.add(FakeHost.ended(3));

        ExecResult first = test.exec("a");
        ExecResult second = test.exec("b");
        SessionView stopped = test.stop();

        assertThat(first.command()).isEqualTo(1);
        assertThat(first.end())
                .isNotNull()
                .satisfies(end -> assertThat(end.exitCode()).isEqualTo(3));
        assertThat(second.command()).isEqualTo(2);
        assertThat(stopped.outcome()).isEqualTo(SessionOutcome.STOPPED);
        assertThat(test.result().state()).isEqualTo(SessionState.ENDED);
        assertThat(test.host.released).hasSize(1);
        assertThat(test.host.types())
                .containsExactly("sandbox.started", "sandbox.executed", "sandbox.executed", "sandbox.ended");
    }

    @Test
    void warnsAQuarterBeforeTheEndAndLivesLongerByAnHour() {
        test.start();
        Instant started = test.sandbox().ready().expires().minus(Duration.ofHours(2));
        test.skip(Duration.ofMinutes(104));
        assertThat(test.host.types()).doesNotContain("sandbox.warned");
        test.crowd();

        test.skip(Duration.ofMinutes(2));
        assertThat(test.host.types()).contains("sandbox.warned");
        SessionView extended = test.extend("once");
        assertThat(extended.expires()).isEqualTo(started.plus(Duration.ofHours(3)));
        test.skip(Duration.ofMinutes(58));
        assertThat(test.host.types()).filteredOn("sandbox.warned"::equals).hasSize(1);
        test.skip(Duration.ofMinutes(2));
        assertThat(test.host.types()).filteredOn("sandbox.warned"::equals).hasSize(2);
        assertThat(test.sandbox().view().state()).isEqualTo(SessionState.READY);

        assertThat(test.result().outcome()).isEqualTo(SessionOutcome.EXPIRED);
        assertThat(test.host.types())
                .containsSubsequence(
                        "sandbox.started", "sandbox.warned", "sandbox.extended", "sandbox.warned", "sandbox.ended");
        // The other one, of the crowd, lives on.
        Instant ended = test.host.trail.stream()
                .filter(event -> event.type().equals("sandbox.ended"))
                .findFirst()
                .orElseThrow()
                .time();
        assertThat(Duration.between(started, ended)).isBetween(Duration.ofHours(3), Duration.ofMinutes(181));
        assertThat(test.host.released)
                .filteredOn(lodging -> lodging.at().run().equals(test.id.owner()))
                .hasSize(1);
    }

    @Test
    void extendsSoManyTimesAndNoMore() {
        test.start();
        test.sandbox().ready();
        test.extend("one");
        test.extend("two");

        assertThatThrownBy(() -> test.extend("three")).hasRootCauseInstanceOf(ApplicationFailure.class);
        assertThat(test.sandbox().view().counters().extensions()).isEqualTo(2);
    }

    @Test
    void keepsItsFilesWhileNobodyCallsAndComesBack() {
        live(TestSession.usual());
        test.start();
        test.sandbox().ready();
        test.exec("a");
        test.skip(Duration.ofMinutes(11));
        test.awaitView(view -> view.state() == SessionState.SNAPSHOT);
        assertThat(test.host.released).hasSize(1);
        assertThat(test.host.taken)
                .singleElement()
                .satisfies(get -> assertThat(get.whole()).isTrue());

        ExecResult back = test.exec("b");

        assertThat(back.restored()).isNotNull().satisfies(restored -> {
            assertThat(restored.reason()).isEqualTo(Restored.Reason.IDLE);
            assertThat(restored.incarnation()).isEqualTo(2);
            assertThat(restored.snapshot()).isNotNull();
        });
        assertThat(test.host.opened.getLast().snapshot()).isEqualTo(FakeHost.digest(7));
        assertThat(test.exec("c").restored()).isNull();
        assertThat(test.host.types())
                .containsSubsequence("sandbox.started", "sandbox.snapshotted", "sandbox.restored", "sandbox.executed");
        assertThat(test.host.told("sandbox.snapshotted", "refused")).isEqualTo(1);
    }

    @Test
    void anotherWorkerGoesOnWithTheSameCommand() {
        test.start();
        test.sandbox().ready();
        test.host.execTroubles.add(Failures.of(
                FailureType.DETACHED, "the worker leaves", null, new SandboxPlace(FakeHost.NAME, "airlock-x")));

        assertThat(test.exec("a").end()).isNotNull();

        assertThat(test.host.executed).hasSize(2);
        assertThat(test.host.executed.getFirst()).isEqualTo(test.host.executed.getLast());
    }

    @Test
    void aContainerThatIsGoneBeforeTheCommandIsReplaced() {
        test.start();
        test.sandbox().ready();
        test.host.execAnswers.add(new ExecOutcome.Gone(false, "docker restarted"));

        ExecResult result = test.exec("a");

        assertThat(result.end()).isNotNull();
        assertThat(result.restored()).isNotNull().satisfies(restored -> {
            assertThat(restored.reason()).isEqualTo(Restored.Reason.LOST);
            assertThat(restored.snapshot()).isNull();
        });
        assertThat(test.host.opened).hasSize(2);
    }

    @Test
    void aCommandThatMayHaveRunIsNotRunAgain() {
        test.start();
        test.sandbox().ready();
        test.host.execAnswers.add(new ExecOutcome.Gone(true, "the host burnt down"));

        ExecResult result = test.exec("a");

        assertThat(result.end()).isNull();
        assertThat(result.refused()).isNotNull().satisfies(no -> {
            assertThat(no.code()).isEqualTo(SessionRefusal.UNAVAILABLE);
            assertThat(no.message()).contains("the host burnt down");
        });
        assertThat(test.host.executed).hasSize(1);
        assertThat(test.host.told("sandbox.executed", "lost")).isEqualTo(true);
        assertThat(test.exec("b").restored()).isNotNull();
    }

    @Test
    void continuesAsNewAndForgetsNothing() {
        live(TestSession.commands(3));
        test.start();
        test.sandbox().ready();
        for (int i = 1; i <= 8; i++) {
            String call = "call-" + i;
            ExecResult result = test.patiently(call);
            assertThat(result.command()).isEqualTo(i);
            assertThat(result.restored()).isNull();
        }
        assertThat(test.patiently("call-8").command()).isEqualTo(8);
        assertThat(test.host.executed)
                .extracting(ExecRequest::token)
                .doesNotHaveDuplicates()
                .hasSize(8);
        assertThat(test.host.opened).hasSize(1);
        SessionView view = test.sandbox().view();
        assertThat(view.counters().commands()).isEqualTo(8);
        test.stop();
        test.result();
        assertThat(test.host.types()).filteredOn("sandbox.executed"::equals).hasSize(8);
        assertThat(test.host.incarnations).containsOnly(test.host.incarnations.getFirst());
    }

    @Test
    void killsTheCommandAndNotTheSandbox() {
        test.start();
        test.sandbox().ready();
        test.host.commandHangs = true;
        WorkflowUpdateHandle<ExecResult> running = test.begin("a");
        test.awaitView(view -> view.state() == SessionState.BUSY && !test.host.executed.isEmpty());

        test.sandbox().kill(new Call.Kill("k", TestSession.ANN, "a"));

        assertThat(running.getResult().end())
                .isNotNull()
                .satisfies(end -> assertThat(end.exitCode()).isEqualTo(137));
        test.host.commandHangs = false;
        assertThat(test.exec("b").end()).isNotNull();
        assertThat(test.host.executed.getLast().previous())
                .isEqualTo(test.host.executed.getFirst().token());
    }

    @Test
    void stoppingEndsWhatRuns() {
        test.start();
        test.sandbox().ready();
        test.host.commandHangs = true;
        WorkflowUpdateHandle<ExecResult> running = test.begin("a");
        WorkflowUpdateHandle<ExecResult> waiting = test.begin("b");
        test.awaitView(view -> !test.host.executed.isEmpty());

        assertThat(test.stop().outcome()).isEqualTo(SessionOutcome.STOPPED);

        assertThat(running.getResult().end()).isNotNull();
        assertThat(waiting.getResult().refused()).isNotNull();
        assertThat(test.host.released).hasSize(1);
    }

    @Test
    void tellsWhyItCannotBeMade() {
        test.host.openTroubles.add(Failures.of(FailureType.IMAGE_ABSENT, "no image base", null));
        test.start();

        assertThat(test.result()).satisfies(view -> {
            assertThat(view.outcome()).isEqualTo(SessionOutcome.FAILED);
            assertThat(view.refused())
                    .isNotNull()
                    .satisfies(no -> assertThat(no.code()).isEqualTo(SessionRefusal.IMAGE_ABSENT));
        });
        assertThat(test.host.types()).containsExactly("sandbox.ended");
    }

    @Test
    void isEndedThroughTemporalToo() {
        test.start();
        test.sandbox().ready();
        test.cancel();

        assertThatThrownBy(() -> test.result()).hasRootCauseInstanceOf(CanceledFailure.class);
        assertThat(test.host.released).hasSize(1);
        assertThat(test.host.types()).endsWith("sandbox.ended");
        assertThat(test.host.told("sandbox.ended", "outcome")).isEqualTo("CANCELLED");
    }

    @Test
    void refusesWhatIsNoCommand() {
        test.start();
        test.sandbox().ready();
        Call.Exec none = new Call.Exec("x", TestSession.ANN, List.of(), "", Duration.ofSeconds(1), null);
        Call.Exec huge =
                new Call.Exec("y", TestSession.ANN, List.of("x".repeat(9000)), "", Duration.ofSeconds(1), null);

        assertThatThrownBy(() -> test.sandbox().exec(none)).hasRootCauseInstanceOf(ApplicationFailure.class);
        assertThatThrownBy(() -> test.sandbox().exec(huge))
                .hasRootCauseInstanceOf(ApplicationFailure.class)
                .rootCause()
                .hasMessageContaining("at most");
    }
}
