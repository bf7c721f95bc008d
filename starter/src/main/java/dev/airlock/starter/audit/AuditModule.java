package dev.airlock.starter.audit;

import com.google.inject.AbstractModule;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.evidence.checkpoint.CheckpointKeys;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.starter.service.ServerService;
import java.time.Duration;

/** The server's part in the audit trail: its checkpoints, and changes that nobody could tell before. */
public final class AuditModule extends AbstractModule {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @ProvidesIntoSet
    @Singleton
    ServerService checkpoints(ServerConfig config, KafkaClients kafka, ServerTrail trail) {
        return new CheckpointService(
                () -> new AuditReader(kafka, Topics.AUDIT, PATIENCE),
                config.state().workspaces(),
                CheckpointKeys.of(config.installation(), config.state().secret()),
                config.installation(),
                trail,
                AuditConfig.from(config.settings()).checkpoints());
    }

    @ProvidesIntoSet
    @Singleton
    ServerService journal(ServerConfig config, ServerTrail trail) {
        return new JournalService(new ChangeJournal(config.state().pendingChanges()), trail);
    }
}
