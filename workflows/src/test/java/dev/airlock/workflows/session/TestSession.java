package dev.airlock.workflows.session;

import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.change.SearchAttributeKeys;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.session.SessionRequest.Timing;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One interactive sandbox on Temporal's in-memory service with skipped time, and a scripted host. */
final class TestSession implements AutoCloseable {
    static final Principal ANN = new Principal("user:ann");

    final FakeHost host = new FakeHost();
    final SandboxId id;
    private final WorkflowClient client;
    private final WorkerFactory factory;
    private final Timing timing;
    private final @Nullable TestWorkflowEnvironment environment;

    TestSession(Timing timing) {
        this(inMemory(), timing);
    }

    private TestSession(TestWorkflowEnvironment environment, Timing timing) {
        this(environment.getWorkflowClient(), environment.getWorkerFactory(), environment, "1", timing);
    }

    /** On a server that runs already. */
    TestSession(WorkflowClient client, String request, Timing timing) {
        this(client, WorkerFactory.newInstance(client), null, request, timing);
    }

    private TestSession(
            WorkflowClient client,
            WorkerFactory factory,
            @Nullable TestWorkflowEnvironment environment,
            String request,
            Timing timing) {
        this.client = client;
        this.factory = factory;
        this.environment = environment;
        this.timing = timing;
        this.id = Names.interactive("inst", "test", request);
        Worker main = factory.newWorker(TaskQueues.MAIN);
        main.registerWorkflowImplementationTypes(SandboxWorkflowImpl.class);
        main.registerActivitiesImplementations(host);
        for (String queue : List.of(TaskQueues.AUDIT, TaskQueues.SANDBOX, TaskQueues.sandboxOn(FakeHost.NAME))) {
            factory.newWorker(queue).registerActivitiesImplementations(host);
        }
        factory.start();
    }

    /** A worker that keeps one workflow in mind: with a second one it forgets the first, as another worker would. */
    private static TestWorkflowEnvironment inMemory() {
        TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(1)
                        .build())
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter(List.of()))
                        .build())
                .build());
        SearchAttributeKeys.ALL.forEach(key -> environment.registerSearchAttribute(key.getName(), key.getValueType()));
        return environment;
    }

    static Timing usual() {
        return Timing.DEFAULT;
    }

    static Timing commands(int most) {
        return new Timing(
                Duration.ofHours(2), Duration.ofMinutes(15), Duration.ofHours(1), 2, Duration.ofMinutes(10), most);
    }

    /** Never idle, so that nothing but its lifetime rings. */
    static Timing busy() {
        return new Timing(Duration.ofHours(2), Duration.ofMinutes(15), Duration.ofHours(1), 2, Duration.ofDays(1), 500);
    }

    void start() {
        start(id);
    }

    /** Another one, which makes the worker forget this one. */
    void crowd() {
        start(Names.interactive("inst", "test", "crowd"));
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }

    private void start(SandboxId sandbox) {
        SandboxWorkflow workflow = client.newWorkflowStub(
                SandboxWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(sandbox.value())
                        .setTaskQueue(TaskQueues.MAIN)
                        .build());
        SessionRequest.Origin origin = new SessionRequest.Origin("test", "1", ANN, null);
        SessionRequest.Room room =
                new SessionRequest.Room(CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT, null, null);
        WorkflowClient.start(workflow::run, new SessionRequest("inst", origin, room, timing, null));
    }

    SandboxWorkflow sandbox() {
        return client.newWorkflowStub(SandboxWorkflow.class, id.value());
    }

    static Call.Exec call(String id) {
        return new Call.Exec(id, ANN, List.of("true"), "", Duration.ofSeconds(10), null);
    }

    ExecResult exec(String call) {
        return begin(call).getResult();
    }

    /** As the client does it: asks again while the workflow cuts its history. */
    ExecResult patiently(String call) {
        for (int tries = 0; ; tries++) {
            try {
                return exec(call);
            } catch (RuntimeException e) {
                if (tries > 100) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** Returns once a worker has taken the call up. */
    WorkflowUpdateHandle<ExecResult> begin(String call) {
        return client.newUntypedWorkflowStub(id.value())
                .startUpdate(
                        UpdateOptions.newBuilder(ExecResult.class)
                                .setUpdateName("exec")
                                .setUpdateId(call)
                                .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                                .build(),
                        call(call));
    }

    SessionView extend(String call) {
        return sandbox().extend(new Call.Extend(call, ANN));
    }

    SessionView stop() {
        return sandbox().stop(new Call.Stop("stop", ANN, "done"));
    }

    SessionView result() {
        return WorkflowStub.fromTyped(sandbox()).getResult(SessionView.class);
    }

    void cancel() {
        WorkflowStub.fromTyped(sandbox()).cancel();
    }

    void skip(Duration time) {
        Objects.requireNonNull(environment, "a real server's time cannot be skipped")
                .sleep(time);
    }

    void awaitView(Predicate<SessionView> condition) {
        for (int tries = 0; tries < 2000; tries++) {
            if (condition.test(sandbox().view())) {
                return;
            }
            LockSupport.parkNanos(5_000_000);
        }
        throw new AssertionError("still " + sandbox().view());
    }

    String history() {
        return client.fetchHistory(id.value()).toJson(true);
    }

    @Override
    public void close() {
        if (environment != null) {
            environment.close();
        } else {
            factory.shutdownNow();
        }
    }
}
