package dev.airlock.starter;

import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.output.FakeLiveOutput;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.PushRequest.Content;
import dev.airlock.starter.push.PushRequest.Origin;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.temporal.RunActions;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeWorkflowImpl;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One installation: a state directory with a workspace, a client, and workers that come and go. */
final class World implements AutoCloseable {
    static final Principal AUTHOR = new Principal("user:anna");
    static final Principal REVIEWER = new Principal("user:rita");
    static final String WORKSPACE = "orders";

    final StateDirectory state;
    final Workspaces workspaces;
    final ScriptedWorld scripted;
    final FakeLiveOutput live = new FakeLiveOutput();
    final AirlockClient client;
    private final WorkflowClient temporal;
    private final Path root;
    private @Nullable WorkerFactory workers;

    World(RealTemporal temporal, Path root) throws IOException {
        this.temporal = temporal.clients().client();
        this.root = root;
        this.state = new StateDirectory(root.resolve("state")).create();
        this.workspaces = new Workspaces(state.workspaces());
        DirectoryArtifactStore artifacts = new DirectoryArtifactStore(state.artifacts());
        this.scripted = new ScriptedWorld(workspaces, artifacts, live);
        workspaces.create(WORKSPACE, directory("first", "one\n"), "main").close();
        this.client = new TemporalAirlockClient(
                new RunActions(this.temporal, Duration.ofSeconds(30)),
                new TemporalRuns(this.temporal),
                state,
                state.installation(),
                "airlock:test",
                (repository, base, name) -> definition(),
                live);
    }

    static ChangeRequest.Definition definition() {
        CommandSpec command = new CommandSpec(List.of("true"), "base", CommandSpec.Limits.DEFAULT);
        StepUse.Paths paths = new StepUse.Paths(List.of(), List.of());
        List<Step> steps = List.of(
                step("generate", List.of(), new StepUse.Generate(command, false)),
                step(
                        "validate",
                        List.of("generate"),
                        new StepUse.Validate(List.of("paths"), paths, new StepUse.Sizes(1 << 20, 1 << 20), null)),
                step("test", List.of("validate"), new StepUse.Sandbox(command, List.of())),
                step("review", List.of("test"), new StepUse.Review(1, List.of(), true, Duration.ofHours(1))),
                step("promote", List.of("review"), new StepUse.Promote(null)));
        Pipeline pipeline = new Pipeline("orders", WORKSPACE, new Pipeline.Limits(2, Duration.ofHours(2)), steps);
        return new ChangeRequest.Definition(pipeline, ScriptedWorld.SOME, null);
    }

    private static Step step(String id, List<String> needs, StepUse use) {
        return new Step(id, needs, null, null, use);
    }

    Path directory(String name, String text) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        Files.writeString(directory.resolve("file.txt"), text);
        return directory;
    }

    void startWorker() {
        WorkerFactory factory = WorkerFactory.newInstance(temporal);
        Worker main = factory.newWorker(TaskQueues.MAIN, quickly());
        main.registerWorkflowImplementationTypes(ChangeWorkflowImpl.class);
        main.registerActivitiesImplementations(scripted);
        factory.newWorker(TaskQueues.SANDBOX).registerActivitiesImplementations(scripted);
        factory.start();
        workers = factory;
    }

    private static WorkerOptions quickly() {
        return WorkerOptions.newBuilder()
                .setStickyQueueScheduleToStartTimeout(Duration.ofSeconds(1))
                .build();
    }

    void stopWorker() {
        if (workers != null) {
            workers.shutdownNow();
            workers.awaitTermination(20, TimeUnit.SECONDS);
            workers = null;
        }
    }

    Pushed pushDirectory(String text) throws IOException {
        return pushDirectory(text, UUID.randomUUID().toString());
    }

    Pushed pushDirectory(String text, String requestId) throws IOException {
        return push(new Content.Directory(directory("change-" + requestId, text)), requestId);
    }

    Pushed pushTask(String text) {
        return push(new Content.Task(text), UUID.randomUUID().toString());
    }

    Pushed push(Content content, String requestId) {
        Origin origin = new Origin(AUTHOR, null, "airlock:test", requestId);
        return client.push(new PushRequest(origin, WORKSPACE, null, null, content));
    }

    @Override
    public void close() {
        stopWorker();
    }
}
