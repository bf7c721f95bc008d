package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.event.AllowedTopics;
import dev.airlock.activities.event.EventActivitiesImpl;
import dev.airlock.activities.kafka.TopicWriter;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.workflows.change.TaskQueues;

/** Events that steps wait for and that steps send. */
final class EventModule extends AbstractModule {

    @ProvidesIntoSet
    ActivityBinding events(WorkerConfig config, Lifecycle lifecycle) {
        KafkaClients kafka = KafkaClients.of(config.endpoints().kafka());
        TopicWriter writer = lifecycle.register(new TopicWriter(kafka, "airlock-events"));
        AllowedTopics allowed = AllowedTopics.of(System.getenv().getOrDefault(AllowedTopics.VARIABLE, ""));
        return ActivityBinding.on(new EventActivitiesImpl(writer, allowed), TaskQueues.MAIN);
    }
}
