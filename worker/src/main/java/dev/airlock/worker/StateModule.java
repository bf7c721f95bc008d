package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.airlock.activities.repository.RepositoryAccess;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;

/** What several features stand on. */
final class StateModule extends AbstractModule {
    private final WorkerConfig config;
    private final Lifecycle lifecycle;
    private final Telemetry telemetry;

    StateModule(WorkerConfig config, Lifecycle lifecycle, Telemetry telemetry) {
        this.config = config;
        this.lifecycle = lifecycle;
        this.telemetry = telemetry;
    }

    @Override
    protected void configure() {
        bind(WorkerConfig.class).toInstance(config);
        bind(Lifecycle.class).toInstance(lifecycle);
        bind(Telemetry.class).toInstance(telemetry);
    }

    @Provides
    @Singleton
    TemporalClients temporal() {
        return lifecycle.register(
                TemporalClients.connect(config.endpoints().temporal().target(), telemetry));
    }

    @Provides
    @Singleton
    ArtifactStore artifacts() throws IOException {
        return new DirectoryArtifactStore(config.state().artifacts());
    }

    @Provides
    @Singleton
    Workspaces workspaces() {
        return new Workspaces(config.state().workspaces());
    }

    @Provides
    @Singleton
    RepositoryAccess repositories(Workspaces workspaces) {
        return new RepositoryAccess(workspaces);
    }
}
