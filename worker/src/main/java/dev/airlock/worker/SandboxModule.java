package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.egress.EgressGuard;
import dev.airlock.activities.egress.EgressSettings;
import dev.airlock.activities.output.KafkaOutputPublisher;
import dev.airlock.activities.output.OutputDirectory;
import dev.airlock.activities.output.OutputPublisher;
import dev.airlock.activities.sandbox.SandboxActivitiesImpl;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxStores;
import dev.airlock.activities.sandbox.SandboxSweep;
import dev.airlock.activities.sandbox.WorkerLock;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;

/** The sandbox engine of this host, and the jobs that run on it. */
final class SandboxModule extends AbstractModule {
    private final WorkerConfig config;
    private final SandboxEngine engine;
    private final EgressGuard egress;

    private SandboxModule(WorkerConfig config, SandboxEngine engine, EgressGuard egress) {
        this.config = config;
        this.engine = engine;
        this.egress = egress;
    }

    /**
     * Connects to the engine and takes its lock: one worker process per installation and machine.
     *
     * @throws PlatformException when there is no engine, it cannot isolate, or another worker holds it
     */
    static SandboxModule open(WorkerConfig config, Lifecycle lifecycle) {
        EgressGuard egress = egress();
        SandboxEngine engine =
                lifecycle.register(new SandboxEngines(config.state(), config.home()).open(config.engine()));
        try {
            lifecycle.register(WorkerLock.acquire(config.state().locks(), engine.machine(), config.takeOver()));
            return new SandboxModule(config, engine, egress);
        } catch (IOException e) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    String.valueOf(e.getMessage()),
                    engine.identity().name(),
                    "see docs/operations.md",
                    e);
        }
    }

    /** @throws PlatformException when what the installation lets out cannot be read: nothing is let out by mistake */
    private static EgressGuard egress() {
        try {
            return new EgressGuard(EgressSettings.of(System.getenv()));
        } catch (IllegalArgumentException e) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    String.valueOf(e.getMessage()),
                    "settings",
                    "see docs/operations.md, settings",
                    e);
        }
    }

    @Override
    protected void configure() {
        bind(SandboxEngine.class).toInstance(engine);
    }

    @Provides
    @Singleton
    OutputPublisher publisher(Lifecycle lifecycle) {
        Endpoints endpoints = config.endpoints();
        KafkaOutputPublisher publisher = new KafkaOutputPublisher(
                KafkaClients.of(endpoints.kafka()),
                Topics.OUTPUT,
                endpoints.installation(),
                new OutputDirectory(config.state().output()));
        return lifecycle.register(publisher.start());
    }

    @Provides
    @Singleton
    SandboxActivitiesImpl activities(Workspaces workspaces, ArtifactStore artifacts, OutputPublisher publisher) {
        SandboxStores stores =
                new SandboxStores(workspaces, artifacts, config.state().output(), publisher, egress);
        return new SandboxActivitiesImpl(engine, stores, config.host());
    }

    @Provides
    @Singleton
    HostSweep sweep(TemporalClients temporal, Telemetry telemetry) {
        return new HostSweep(
                new SandboxSweep(engine, config.endpoints().installation(), new RunClaims(temporal)),
                telemetry.sandboxes());
    }

    @ProvidesIntoSet
    ActivityBinding binding(SandboxActivitiesImpl activities) {
        return ActivityBinding.on(activities, TaskQueues.SANDBOX, TaskQueues.sandboxOn(config.host()));
    }
}
