package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.audit.AuditActivitiesImpl;
import dev.airlock.activities.audit.KafkaAuditLog;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.workflows.change.TaskQueues;

/** The audit trail on Kafka. */
final class AuditModule extends AbstractModule {

    @Provides
    @Singleton
    KafkaAuditLog log(WorkerConfig config, ArtifactStore artifacts, Lifecycle lifecycle) {
        KafkaClients kafka = KafkaClients.of(config.endpoints().kafka());
        return lifecycle.register(KafkaAuditLog.withVerdicts(kafka, Topics.AUDIT, Topics.VERDICTS, artifacts));
    }

    @ProvidesIntoSet
    ActivityBinding audit(KafkaAuditLog log) {
        return ActivityBinding.on(new AuditActivitiesImpl(log), TaskQueues.MAIN, TaskQueues.AUDIT);
    }
}
