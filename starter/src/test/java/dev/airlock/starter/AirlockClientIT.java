package dev.airlock.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.airlock.starter.decision.Decided;
import dev.airlock.starter.decision.Taken;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.output.OutputChunk;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.push.PushRequest.Content;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.RunSummary;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AirlockClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init")
    private static RealTemporal temporal;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private World world;

    @BeforeAll
    static void startServer() {
        temporal = new RealTemporal();
    }

    @AfterAll
    static void stopServer() {
        temporal.close();
    }

    @BeforeEach
    void makeWorld() throws IOException {
        world = new World(temporal, root);
        world.startWorker();
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    @Test
    void carriesATaskToItsPromotion() {
        world.scripted.testExits.add(1);
        Pushed pushed = world.pushTask("# Round half up\n\nplease");
        assertThat(pushed.created()).isTrue();
        RunId run = pushed.run();

        Waited waited = world.client.await(run, WaitFor.REVIEW, PATIENCE);
        assertThat(waited.reached()).isTrue();
        RunStatus status = waited.status();
        assertThat(status.state()).isEqualTo(RunState.WAITING_REVIEW);
        assertThat(status.worker()).isTrue();
        assertThat(status.description()).isEqualTo("Round half up");
        assertThat(labels(status))
                .containsExactly(
                        "generate/1", "validate/1", "test/1", "generate/2", "validate/2", "test/2", "review/1");
        assertThat(status.steps().get(2).exitCode()).isEqualTo(1);

        ReviewFile review = world.client.review(run);
        assertThat(review.evidence()).isEqualTo(status.evidence());
        assertThat(review.diff()).contains("+made by generate/2");
        assertThat(review.tests()).hasSize(1);
        assertThat(review.tests().getFirst().tail()).isEqualTo("begin test/2\nend test/2\n");

        Decided decided = world.client.decide(run, approve("d1", review.evidence()));
        assertThat(decided.accepted()).isTrue();
        Waited end = world.client.await(run, WaitFor.END, PATIENCE);
        assertThat(end.reached()).isTrue();
        assertThat(end.status().outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(end.status().audit()).isNotNull();
        assertThat(world.client.await(run, WaitFor.REVIEW, PATIENCE).reached()).isFalse();
    }

    @Test
    void takesTheSameRequestForTheSameRun() throws IOException {
        Pushed first = world.pushDirectory("two\n", "ticket-1");
        Pushed second = world.pushDirectory("three\n", "ticket-1");
        assertThat(first.created()).isTrue();
        assertThat(second.created()).isFalse();
        assertThat(second.run()).isEqualTo(first.run());
        assertThat(second.base()).isEqualTo(first.base());
        world.client.await(first.run(), WaitFor.REVIEW, PATIENCE);
        assertThat(world.client.review(first.run()).diff()).contains("+two").doesNotContain("three");
        world.client.cancel(first.run(), new Cancel(World.AUTHOR, "enough"));
        world.client.await(first.run(), WaitFor.END, PATIENCE);
        assertThat(world.pushDirectory("four\n", "ticket-1").created()).isFalse();
    }

    @Test
    void agreesWithItselfWhenTheSameRequestComesManyTimesAtOnce() throws IOException {
        Path directory = world.directory("many", "many\n");
        List<CompletableFuture<Pushed>> pushes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pushes.add(CompletableFuture.supplyAsync(() -> world.push(new Content.Directory(directory), "at-once")));
        }
        List<Pushed> all = pushes.stream().map(CompletableFuture::join).toList();
        assertThat(all).extracting(Pushed::run).containsOnly(all.getFirst().run());
        assertThat(all).filteredOn(Pushed::created).hasSize(1);
        assertThat(world.client
                        .await(all.getFirst().run(), WaitFor.REVIEW, PATIENCE)
                        .reached())
                .isTrue();
    }

    @Test
    void refusesWhatIsNoChange() {
        AirlockException same = refusal(() -> world.pushDirectory("one\n"));
        assertThat(same.code()).isEqualTo(ErrorCode.USAGE);
        assertThat(same.text()).contains("nothing to push");
        AirlockException empty = refusal(() -> world.pushTask(" \n"));
        assertThat(empty.text()).contains("the task is empty");
        AirlockException absent = refusal(() -> world.push(new Content.Directory(root.resolve("none")), "x"));
        assertThat(absent.code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void answersStatusFromHistoryWhenNoWorkerIsUp() throws IOException {
        Pushed pushed = world.pushTask("task");
        RunStatus told =
                world.client.await(pushed.run(), WaitFor.REVIEW, PATIENCE).status();
        world.stopWorker();

        RunStatus read = world.client.status(pushed.run());
        assertThat(read.worker()).isFalse();
        assertThat(read.state()).isEqualTo(RunState.WAITING_REVIEW);
        assertThat(read.candidate()).isEqualTo(told.candidate());
        assertThat(read.tree()).isEqualTo(told.tree());
        assertThat(read.evidence()).isEqualTo(told.evidence());
        assertThat(read.audit()).isNotNull();
        assertThat(labels(read)).containsExactly("generate/1", "validate/1", "test/1", "review/1");
        assertThat(read.steps().getLast().state()).isEqualTo(StepState.WAITING);
        StepStatus test = read.steps().get(2);
        assertThat(test.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(test.exitCode()).isZero();
        assertThat(test.engine()).isEqualTo("scripted");
        assertThat(test.report()).isEqualTo(told.steps().get(2).report());
        assertThat(world.client.review(pushed.run()).evidence()).isEqualTo(told.evidence());
        assertThat(world.client.await(pushed.run(), WaitFor.REVIEW, PATIENCE).reached())
                .isTrue();
    }

    @Test
    void answersAtOnceWhetherARunHasEnded() throws IOException {
        RunId run = world.pushDirectory("two\n").run();
        world.client.await(run, WaitFor.REVIEW, PATIENCE);
        AirlockException late = assertTimeout(
                Duration.ofSeconds(4), () -> refusal(() -> world.client.await(run, WaitFor.END, Duration.ZERO)));
        assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
        AirlockException none =
                refusal(() -> world.client.output(new OutputRequest(run, null, 99, false, 0), chunk -> {}));
        assertThat(none.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(none.text()).endsWith("has no output of any step in attempt 99");
        assertThat(none.hint()).contains("airlock status");
    }

    @Test
    void saysThatNoWorkerAnswersADecision() throws IOException {
        Pushed pushed = world.pushDirectory("two\n");
        world.stopWorker();
        AirlockException late = refusal(() -> world.client.await(pushed.run(), WaitFor.END, Duration.ofSeconds(1)));
        assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
        TemporalAirlockClient hasty = new TemporalAirlockClient(
                temporal.clients().client(), world.state, "i", "airlock:test", Duration.ofSeconds(3));
        AirlockException absent = refusal(() -> hasty.cancel(pushed.run(), new Cancel(World.AUTHOR, "enough")));
        assertThat(absent.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(absent.text()).contains("no worker answered");
        assertThat(absent.hint()).contains("airlock worker");
    }

    @Test
    void mapsRefusalsToTheirCodes() throws IOException {
        RunId run = world.pushDirectory("two\n").run();
        RunStatus status = world.client.await(run, WaitFor.REVIEW, PATIENCE).status();
        Digest evidence = Objects.requireNonNull(status.evidence());
        assertThat(refusal(() -> world.client.decide(run, new Decision.Approve("a", World.AUTHOR, evidence)))
                        .code())
                .isEqualTo(ErrorCode.SELF_APPROVAL);
        assertThat(refusal(() -> world.client.decide(run, approve("b", ScriptedWorld.SOME)))
                        .code())
                .isEqualTo(ErrorCode.STALE_EVIDENCE);
        assertThat(refusal(() -> world.client.retry(run, new Retry(World.AUTHOR, null)))
                        .code())
                .isEqualTo(ErrorCode.USAGE);

        assertThat(world.client.decide(run, approve("c", evidence)).accepted()).isTrue();
        world.client.await(run, WaitFor.END, PATIENCE);
        assertThat(refusal(() -> world.client.decide(run, approve("d", evidence)))
                        .code())
                .isEqualTo(ErrorCode.ALREADY_DECIDED);
        assertThat(refusal(() -> world.client.cancel(run, new Cancel(World.AUTHOR, "late")))
                        .code())
                .isEqualTo(ErrorCode.ALREADY_DECIDED);
        assertThat(refusal(() -> world.client.retry(run, new Retry(World.AUTHOR, null)))
                        .code())
                .isEqualTo(ErrorCode.ALREADY_DECIDED);
    }

    @Test
    void givesTheSameDecisionItsFirstAnswer() throws IOException {
        RunId run = world.pushDirectory("two\n").run();
        Digest evidence = Objects.requireNonNull(
                world.client.await(run, WaitFor.REVIEW, PATIENCE).status().evidence());
        Decided first = world.client.decide(run, approve("same", evidence));
        assertThat(world.client.decide(run, approve("same", evidence))).isEqualTo(first);
        world.client.await(run, WaitFor.END, PATIENCE);
        assertThat(world.client.decide(run, approve("same", evidence))).isEqualTo(first);
    }

    @Test
    void tellsThatTheBaseMoved() throws IOException {
        world.scripted.fitness = Fitness.BASE_MOVED;
        RunId run = world.pushDirectory("two\n").run();
        Digest evidence = Objects.requireNonNull(
                world.client.await(run, WaitFor.REVIEW, PATIENCE).status().evidence());
        assertThat(refusal(() -> world.client.decide(run, approve("x", evidence)))
                        .code())
                .isEqualTo(ErrorCode.BASE_MOVED);
        Waited end = world.client.await(run, WaitFor.END, PATIENCE);
        assertThat(end.reached()).isFalse();
        assertThat(end.status().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void waitsForTheNextReviewAfterChangesWereRequested() {
        RunId run = world.pushTask("task").run();
        world.client.await(run, WaitFor.REVIEW, PATIENCE);
        world.client.decide(run, new Decision.RequestChanges("r", World.REVIEWER, null, "shorter"));
        RunStatus next = world.client.await(run, WaitFor.REVIEW, PATIENCE).status();
        assertThat(labels(next)).contains("generate/2", "review/2");
    }

    @Test
    void retriesAClosedRunAsANewOneFromItsContent() {
        world.scripted.testExits.addAll(List.of(1, 1));
        RunId run = world.pushTask("task").run();
        Waited end = world.client.await(run, WaitFor.END, PATIENCE);
        assertThat(end.status().outcome()).isEqualTo(Outcome.FAILED);
        Taken taken = world.client.retry(run, new Retry(World.AUTHOR, null));
        assertThat(taken.run()).isNotEqualTo(run);
        assertThat(taken.forkOf()).isEqualTo(run);
        RunStatus again =
                world.client.await(taken.run(), WaitFor.REVIEW, PATIENCE).status();
        assertThat(again.tree()).isEqualTo(end.status().tree());
        assertThat(again.forkOf()).isEqualTo(run);
        AirlockException unknown = refusal(() -> world.client.retry(run, new Retry(World.AUTHOR, "nonsense")));
        assertThat(unknown.code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void retriesTheStepThatNeedsAttention() throws IOException {
        world.scripted.gitIsAway = true;
        RunId run = world.pushDirectory("two\n").run();
        Digest evidence = Objects.requireNonNull(
                world.client.await(run, WaitFor.REVIEW, PATIENCE).status().evidence());
        world.client.decide(run, approve("x", evidence));
        AirlockException late = refusal(() -> world.client.await(run, WaitFor.END, Duration.ofSeconds(5)));
        assertThat(late.text()).contains("NEEDS_ATTENTION").contains("git is away");
        assertThat(late.hint()).contains("airlock retry");
        assertThat(world.client.status(run).steps().getLast().state()).isEqualTo(StepState.NEEDS_ATTENTION);
        world.scripted.gitIsAway = false;
        assertThat(world.client.retry(run, new Retry(World.AUTHOR, null)).run()).isEqualTo(run);
        assertThat(world.client.await(run, WaitFor.END, PATIENCE).reached()).isTrue();
    }

    @Test
    void followsOutputOverALossOfTheWorkersWord() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        world.scripted.testGate = gate;
        RunId run = world.pushDirectory("two\n").run();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        CountDownLatch begun = new CountDownLatch(1);
        List<OutputChunk> chunks = new ArrayList<>();
        CompletableFuture<Void> follower = CompletableFuture.runAsync(
                () -> world.client.output(new OutputRequest(run, "test", null, true, 0), chunk -> {
                    chunks.add(chunk);
                    seen.write(chunk.data());
                    begun.countDown();
                }));
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        gate.countDown();
        follower.get(30, TimeUnit.SECONDS);
        assertThat(seen.toString(StandardCharsets.UTF_8)).isEqualTo("begin test/1\nend test/1\n");
        assertThat(chunks.getFirst().offset()).isZero();

        world.client.await(run, WaitFor.REVIEW, PATIENCE);
        world.live.forget();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        world.client.output(new OutputRequest(run, null, null, false, 6), chunk -> kept.write(chunk.data()));
        assertThat(kept.toString(StandardCharsets.UTF_8)).isEqualTo("test/1\nend test/1\n");
        assertThat(refusal(() -> world.client.output(new OutputRequest(run, "review", null, true, 0), chunk -> {}))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void listsRunsPageByPage() throws IOException {
        RunId first = world.pushDirectory("a\n").run();
        RunId second = world.pushDirectory("b\n").run();
        world.client.await(first, WaitFor.REVIEW, PATIENCE);
        world.client.await(second, WaitFor.REVIEW, PATIENCE);
        world.client.cancel(first, new Cancel(World.AUTHOR, "enough"));
        world.client.await(first, WaitFor.END, PATIENCE);
        List<RunSummary> mine = untilListed(first, second);
        assertThat(mine)
                .filteredOn(run -> run.run().equals(first))
                .allSatisfy(run -> assertThat(run.outcome()).isEqualTo("CANCELLED"));
        assertThat(world.client
                        .runs(new RunFilter(null, "it's \\ none", 10, null))
                        .items())
                .isEmpty();
        RunList page = world.client.runs(new RunFilter(null, World.WORKSPACE, 1, null));
        assertThat(page.items()).hasSize(1);
        RunList next = world.client.runs(new RunFilter(null, World.WORKSPACE, 1, page.next()));
        assertThat(next.items()).doesNotContainAnyElementsOf(page.items());
        assertThat(refusal(() -> world.client.runs(new RunFilter(null, null, 1, "no token")))
                        .code())
                .isEqualTo(ErrorCode.USAGE);
    }

    @Test
    void showsARunThatTemporalTerminated() throws IOException {
        RunId run = world.pushDirectory("two\n").run();
        world.client.await(run, WaitFor.REVIEW, PATIENCE);
        temporal.clients().client().newUntypedWorkflowStub(run.value()).terminate("by hand");
        RunStatus status = world.client.await(run, WaitFor.END, PATIENCE).status();
        assertThat(status.state()).isEqualTo(RunState.ENDED);
        assertThat(status.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(status.reason()).contains("by hand");
    }

    @Test
    void doesNotKnowForeignRuns() {
        RunId unknown = new RunId("run-" + "a".repeat(26));
        assertThat(refusal(() -> world.client.status(unknown)).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(() -> world.client.await(unknown, WaitFor.END, PATIENCE))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(() -> world.client.cancel(unknown, new Cancel(World.AUTHOR, "x")))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal(() -> world.client.output(new OutputRequest(unknown, null, null, true, 0), chunk -> {}))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    /** Lists are filled a moment after the fact. */
    private List<RunSummary> untilListed(RunId cancelled, RunId open) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            List<RunSummary> all = world.client
                    .runs(new RunFilter(null, World.WORKSPACE, 100, null))
                    .items();
            boolean ended = all.stream().anyMatch(run -> run.run().equals(cancelled) && run.outcome() != null);
            boolean waiting = all.stream()
                    .anyMatch(run -> run.run().equals(open) && run.state().equals("WAITING_REVIEW"));
            if (ended && waiting) {
                return all;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("not listed");
    }

    private static List<String> labels(RunStatus status) {
        return status.steps().stream()
                .map(step -> step.id() + "/" + step.attempt())
                .toList();
    }

    private static Decision approve(String id, Digest evidence) {
        return new Decision.Approve(id, World.REVIEWER, evidence);
    }

    private static AirlockException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(AirlockException.class, call));
    }
}
