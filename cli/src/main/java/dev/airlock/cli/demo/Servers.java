package dev.airlock.cli.demo;

import dev.airlock.cli.session.Text.Colour;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.DevOptions;
import dev.airlock.dev.TemporalChoice;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.worker.AirlockWorker;
import dev.airlock.worker.SandboxEngines;
import dev.airlock.worker.WorkerConfig;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings up what the story plays on. What does not need one another comes up at the same time. */
final class Servers {
    static final String WORKSPACE = "orders";
    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

    private final Stage stage;
    private final Story story;
    private final Stop stop;

    Servers(Stage stage, Story story, Stop stop) {
        this.stage = stage;
        this.story = story;
        this.stop = stop;
    }

    /** The workspace, whose making may be awaited later. */
    CompletableFuture<Void> workspace(Path example) {
        StateDirectory state = stage.state();
        return inBackground("workspace", () -> {
            try (WorkspaceRepository made = new Workspaces(state.workspaces()).create(WORKSPACE, example, "main")) {
                LOG.info("made {}", made.directory());
                return null;
            }
        });
    }

    /** Temporal, Kafka and the engine. */
    DevEnvironment start(TemporalChoice temporal, Optional<String> engine) throws IOException {
        long begun = System.nanoTime();
        CompletableFuture<EngineIdentity> chosen = inBackground(
                "engine", () -> new DemoEngine(stage.state(), stop, line -> story.now("sandbox", line)).choose(engine));
        story.now("servers", "Kafka and Temporal start");
        DevEnvironment environment;
        try {
            environment = stage.runs(
                    DevEnvironment.start(new DevOptions(stage.state(), temporal, Optional.empty()), LOG::info));
        } catch (RuntimeException e) {
            settle(chosen);
            throw e;
        }
        EngineIdentity identity = result(chosen);
        stage.uses(identity.name());
        stop.check();
        Endpoints endpoints = environment.announce(identity);
        story.done("Kafka", Colour.PLAIN, "", "keeps the audit trail", since(begun));
        story.done("Temporal", Colour.PLAIN, "", temporalLine(endpoints.temporal()), since(begun));
        return environment;
    }

    private static String temporalLine(Endpoints.Temporal temporal) {
        return temporal.inMemory()
                ? "carries runs over crashes; in memory, for this demo"
                : "carries runs over crashes";
    }

    /** A worker in this process. */
    void worker(DevEnvironment environment) {
        long begun = System.nanoTime();
        story.now("worker", "starts");
        try {
            environment.attach(endpoints ->
                    AirlockWorker.start(WorkerConfig.onThisMachine(stage.state(), endpoints, Stage.home(), false)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the worker does not start", e);
        }
        tellWorker(environment, "", begun);
    }

    /** A worker in a process of its own. */
    WorkerProcess workerProcess(DevEnvironment environment) throws IOException {
        long begun = System.nanoTime();
        story.now("worker", "starts");
        WorkerProcess worker = stage.runs(WorkerProcess.start(stage.state(), Stage.home(), 1));
        worker.awaitReady(stage.state(), 1, stop);
        tellWorker(environment, ", in a process of its own: pid " + worker.pid(), begun);
        return worker;
    }

    private void tellWorker(DevEnvironment environment, String where, long begun) {
        stop.check();
        story.done("worker", Colour.PLAIN, "", "does the steps" + where, since(begun));
        EngineIdentity engine = environment.endpoints().engine();
        if (engine != null) {
            story.fact("sandbox", name(engine) + ": " + promise(engine));
        }
    }

    private static String name(EngineIdentity engine) {
        return engine.tier().startsWith(engine.name()) ? engine.tier() : engine.name() + " (" + engine.tier() + ")";
    }

    /** What holds on every tier of the engine. */
    private static String promise(EngineIdentity engine) {
        return engine.name().equals(SandboxEngines.DOCKER)
                ? "no network, no capability, read-only root"
                : "no network; of the host only /usr, read-only";
    }

    static <T> CompletableFuture<T> inBackground(String name, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                result.complete(work.call());
            } catch (IOException e) {
                result.completeExceptionally(new UncheckedIOException(e));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Waits for the end of what cannot be broken off. */
    static void settle(CompletableFuture<?> work) {
        work.exceptionally(failure -> null).join();
    }

    static <T> T result(CompletableFuture<T> work) {
        try {
            return work.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
