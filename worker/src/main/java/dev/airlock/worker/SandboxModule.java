package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.sandbox.DockerSandboxEngine;
import dev.airlock.activities.sandbox.ImageRegistry;
import dev.airlock.activities.sandbox.SandboxActivitiesImpl;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.SandboxStores;
import dev.airlock.activities.sandbox.SandboxSweep;
import dev.airlock.activities.sandbox.SandboxUnreachable;
import dev.airlock.activities.sandbox.WorkerLock;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sandbox engine of this host, and the jobs that run on it. */
final class SandboxModule extends AbstractModule {
    private static final String DEFAULT_RUNTIME = "runc";

    private final WorkerConfig config;
    private final SandboxEngine engine;

    private SandboxModule(WorkerConfig config, SandboxEngine engine) {
        this.config = config;
        this.engine = engine;
    }

    /**
     * Connects to the engine and takes its lock: one worker process per installation and daemon.
     *
     * @throws PlatformException when there is no engine, it cannot isolate, or another worker holds it
     */
    static SandboxModule open(WorkerConfig config, Lifecycle lifecycle) {
        Path init = config.home().resolve("sandbox-init/target/sandbox-init");
        if (!Files.isExecutable(init)) {
            throw PlatformException.of(
                    PlatformException.Code.ENGINE_ABSENT,
                    "sandbox-init has not been built: " + init + " is missing",
                    init.toString(),
                    "run ./airlock setup");
        }
        try {
            SandboxEngine engine = lifecycle.register(DockerSandboxEngine.connect(new DockerSandboxEngine.Options(
                    null,
                    System.getenv().getOrDefault("AIRLOCK_RUNTIME", DEFAULT_RUNTIME),
                    init,
                    new ImageRegistry(config.state().images()),
                    new DockerSandboxEngine.Owner(
                            config.endpoints().installation(), config.state().secret()))));
            lifecycle.register(WorkerLock.acquire(config.state().locks(), engine.machine(), config.takeOver()));
            return new SandboxModule(config, engine);
        } catch (SandboxUnreachable e) {
            throw PlatformException.of(
                    PlatformException.Code.ENGINE_ABSENT,
                    "no docker daemon answers: " + e.getMessage(),
                    "docker",
                    "start it, or run ./airlock setup --docker",
                    e);
        } catch (SandboxException e) {
            throw PlatformException.of(
                    e.type() == FailureType.CONFLICT
                            ? PlatformException.Code.UNAVAILABLE
                            : PlatformException.Code.ENGINE_ABSENT,
                    String.valueOf(e.getMessage()),
                    "docker",
                    "see docs/operations.md",
                    e);
        } catch (IOException e) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "the sandbox engine cannot be used: " + e,
                    "docker",
                    "see the worker's log",
                    e);
        }
    }

    @Override
    protected void configure() {
        bind(SandboxEngine.class).toInstance(engine);
    }

    @Provides
    @Singleton
    SandboxActivitiesImpl activities(Workspaces workspaces, ArtifactStore artifacts) {
        SandboxStores stores =
                new SandboxStores(workspaces, artifacts, config.state().output());
        return new SandboxActivitiesImpl(engine, stores, config.host());
    }

    @Provides
    @Singleton
    HostSweep sweep(TemporalClients temporal) {
        return new HostSweep(new SandboxSweep(engine, config.endpoints().installation(), new RunClaims(temporal)));
    }

    @ProvidesIntoSet
    ActivityBinding binding(SandboxActivitiesImpl activities) {
        return ActivityBinding.on(activities, TaskQueues.SANDBOX, TaskQueues.sandboxOn(config.host()));
    }
}
