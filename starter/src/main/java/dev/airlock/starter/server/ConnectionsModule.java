package dev.airlock.starter.server;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.evidence.audit.KafkaServerTrail;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.starter.service.ServerService;
import dev.airlock.workspace.git.Workspaces;
import java.time.Duration;

/** What several parts of the server stand on. Nothing here waits for another server to answer. */
final class ConnectionsModule extends AbstractModule {
    private static final Duration AUDIT_PATIENCE = Duration.ofSeconds(5);

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
        bind(Telemetry.class).toInstance(config.telemetry());
        Multibinder.newSetBinder(binder(), ServerService.class);
    }

    @Provides
    @Singleton
    TemporalClients temporal() {
        return lifecycle.register(
                TemporalClients.lazily(config.endpoints().temporal().target(), config.telemetry()));
    }

    @Provides
    @Singleton
    KafkaClients kafka() {
        return KafkaClients.of(config.endpoints().kafka());
    }

    /** Connects with its first event. */
    @Provides
    @Singleton
    ServerTrail trail(KafkaClients kafka) {
        return lifecycle.register(new KafkaServerTrail(kafka, Topics.AUDIT, config.installation(), AUDIT_PATIENCE));
    }

    @ProvidesIntoSet
    ServerService census(TemporalClients temporal, Telemetry telemetry) {
        return new RunCensus(temporal, telemetry);
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
