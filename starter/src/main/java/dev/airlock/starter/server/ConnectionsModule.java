package dev.airlock.starter.server;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workspace.git.Workspaces;

/** What several parts of the server stand on. Nothing here waits for another server to answer. */
final class ConnectionsModule extends AbstractModule {
    private final ServerConfig config;
    private final Lifecycle lifecycle;

    ConnectionsModule(ServerConfig config, Lifecycle lifecycle) {
        this.config = config;
        this.lifecycle = lifecycle;
    }

    @Override
    protected void configure() {
        bind(ServerConfig.class).toInstance(config);
        bind(Lifecycle.class).toInstance(lifecycle);
        Multibinder.newSetBinder(binder(), ServerService.class);
    }

    @Provides
    @Singleton
    TemporalClients temporal() {
        return lifecycle.register(
                TemporalClients.lazily(config.endpoints().temporal().target()));
    }

    @Provides
    @Singleton
    KafkaClients kafka() {
        return new KafkaClients(config.endpoints().kafka().bootstrap());
    }

    @Provides
    @Singleton
    ArtifactStore artifacts() {
        return new DirectoryArtifactStore(config.state().artifacts());
    }

    @Provides
    @Singleton
    Workspaces workspaces() {
        return new Workspaces(config.state().workspaces());
    }
}
