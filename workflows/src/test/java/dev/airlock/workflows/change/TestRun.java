package dev.airlock.workflows.change;

import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.sandbox.SandboxActivities;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributes;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;

/** One run on Temporal's in-memory service with skipped time, and the scripted world around it. */
final class TestRun implements AutoCloseable {
    static final Principal AUTHOR = new Principal("user:ann");
    static final String HOST = "host-a";

    final FakeWorld world = new FakeWorld();
    final AtomicInteger onHostQueue = new AtomicInteger();
    final RunId id;
    private final WorkflowClient client;
    private final WorkerFactory factory;
    private final Runnable end;
    private final Duration reviewTimeout;
    private UnaryOperator<List<Step>> changed = UnaryOperator.identity();
    private @Nullable TestWorkflowEnvironment environment;

    /** On Temporal's in-memory service, where time is skipped. */
    TestRun() {
        this(inMemory(WorkerFactoryOptions.getDefaultInstance()), "1", Duration.ofDays(2));
    }

    /** The same with a worker that keeps one run in mind: with a second one it forgets the first, as another worker would. */
    static TestRun forgetting() {
        return new TestRun(
                inMemory(WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(1)
                        .build()),
                "1",
                Duration.ofDays(2));
    }

    private TestRun(TestWorkflowEnvironment environment, String request, Duration reviewTimeout) {
        this(
                environment.getWorkflowClient(),
                environment.getWorkerFactory(),
                environment::close,
                request,
                reviewTimeout);
        this.environment = environment;
    }

    /** On a server that runs already. */
    TestRun(WorkflowClient client, String request, Duration reviewTimeout) {
        this(client, WorkerFactory.newInstance(client), () -> {}, request, reviewTimeout);
    }

    private TestRun(
            WorkflowClient client, WorkerFactory factory, Runnable end, String request, Duration reviewTimeout) {
        this.client = client;
        this.factory = factory;
        this.end = end;
        this.id = Names.run("inst", "test", request);
        this.reviewTimeout = reviewTimeout;
        Worker main = factory.newWorker(TaskQueues.MAIN);
        main.registerWorkflowImplementationTypes(ChangeWorkflowImpl.class);
        main.registerActivitiesImplementations(world);
        factory.newWorker(TaskQueues.AUDIT).registerActivitiesImplementations(world);
        factory.newWorker(TaskQueues.SANDBOX).registerActivitiesImplementations(world);
        factory.newWorker(TaskQueues.sandboxOn(HOST)).registerActivitiesImplementations((SandboxActivities) job -> {
            onHostQueue.incrementAndGet();
            return world.run(job);
        });
        factory.start();
    }

    private static TestWorkflowEnvironment inMemory(WorkerFactoryOptions workers) {
        TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(workers)
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter(List.of()))
                        .build())
                .build());
        SearchAttributeKeys.ALL.forEach(key -> environment.registerSearchAttribute(key.getName(), key.getValueType()));
        return environment;
    }

    void pipeline(UnaryOperator<List<Step>> change) {
        changed = change;
    }

    void push() {
        start(new ChangeSource.Candidate(FakeWorld.commit(0xcafe), FakeWorld.tree(0xcafe)));
    }

    void task() {
        start(new ChangeSource.Task(FakeWorld.digest(0x7a5c)));
    }

    /** Begins another run besides. */
    void crowd() {
        start(Names.run("inst", "test", "crowd"), new ChangeSource.Task(FakeWorld.digest(0x7a5c)));
    }

    void start(ChangeSource source) {
        start(id, source);
    }

    private void start(RunId id, ChangeSource source) {
        ChangeWorkflow workflow = client.newWorkflowStub(
                ChangeWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(id.value())
                        .setTaskQueue(TaskQueues.MAIN)
                        .setTypedSearchAttributes(SearchAttributes.newBuilder()
                                .set(SearchAttributeKeys.STATE, RunState.RUNNING.name())
                                .build())
                        .build());
        WorkflowClient.start(workflow::run, request(source));
    }

    ChangeWorkflow run() {
        return client.newWorkflowStub(ChangeWorkflow.class, id.value());
    }

    DecisionResult approve(Principal by) {
        return run().decide(new Decision.Approve("approve-" + by, by, FakeWorld.EVIDENCE));
    }

    ChangeResult result() {
        return WorkflowStub.fromTyped(run()).getResult(ChangeResult.class);
    }

    void skip(Duration time) {
        Objects.requireNonNull(environment, "a real server's time cannot be skipped")
                .sleep(time);
    }

    void awaitState(RunState state) {
        await(view -> view.state() == state);
    }

    void awaitStep(String id) {
        await(view -> view.steps().stream().anyMatch(step -> step.id().equals(id)) && !world.jobs.isEmpty());
    }

    void awaitReview(int attempt) {
        await(view -> view.state() == RunState.WAITING_REVIEW
                && view.steps().stream().anyMatch(s -> s.id().equals("review") && s.attempt() == attempt));
    }

    void await(Predicate<ChangeView> condition) {
        for (int tries = 0; tries < 2000; tries++) {
            ChangeView view = run().view();
            if (condition.test(view)) {
                return;
            }
            if (view.state() == RunState.ENDED) {
                throw new AssertionError("the run has ended: " + view);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("still " + run().view());
    }

    static Tuple step(String id, int attempt, Verdict verdict) {
        return new Tuple(id, attempt, verdict);
    }

    private ChangeRequest request(ChangeSource source) {
        return new ChangeRequest(
                new ChangeRequest.Origin("inst", AUTHOR, "add a discount", "test", "1"),
                new ChangeRequest.Target("orders", "main", FakeWorld.commit(0xba5e)),
                new ChangeRequest.Definition(pipeline(), FakeWorld.digest(0x919e), null),
                source,
                null);
    }

    private Pipeline pipeline() {
        CommandSpec agent =
                new CommandSpec(List.of("python3", "agent.py"), CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT);
        CommandSpec tests = new CommandSpec(
                List.of("/bin/sh", "-c", "python3 -m unittest"), CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT);
        StepUse.Validate checks = new StepUse.Validate(
                List.of("paths", "size", "secrets"),
                new StepUse.Paths(List.of(), List.of(".airlock/**")),
                new StepUse.Sizes(1 << 20, 64 << 20),
                null);
        return new Pipeline(
                "orders",
                "orders",
                new Pipeline.Limits(3, Duration.ofDays(3)),
                changed.apply(List.of(
                        new Step("generate", List.of(), null, null, new StepUse.Generate(agent, false)),
                        new Step("validate", List.of("generate"), null, null, checks),
                        new Step("test", List.of("validate"), null, null, new StepUse.Sandbox(tests, List.of())),
                        new Step(
                                "review",
                                List.of("test"),
                                null,
                                null,
                                new StepUse.Review(1, List.of(), true, reviewTimeout)),
                        new Step("promote", List.of("review"), null, null, new StepUse.Promote("main")))));
    }

    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(10, TimeUnit.SECONDS);
        end.run();
    }
}
