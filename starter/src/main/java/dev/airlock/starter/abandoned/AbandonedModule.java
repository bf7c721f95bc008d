package dev.airlock.starter.abandoned;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.starter.service.ServerService;
import dev.airlock.starter.temporal.ClosedRuns;

/** Closes the trails of runs that were terminated. */
public final class AbandonedModule extends AbstractModule {

    @ProvidesIntoSet
    ServerService abandoned(
            ServerConfig config, TemporalClients temporal, KafkaClients kafka, ArtifactStore artifacts) {
        return new AbandonedRuns(
                new ClosedRuns(temporal.client()), new TrailCloser(kafka, artifacts), AbandonedConfig.of(config));
    }
}
