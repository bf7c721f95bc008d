package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.session.SessionActivitiesImpl;
import dev.airlock.activities.session.SessionStores;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.change.TaskQueues;

/** Interactive sandboxes of this host. */
final class SessionModule extends AbstractModule {

    @Provides
    @Singleton
    SessionActivitiesImpl activities(WorkerConfig config, SandboxEngine engine, ArtifactStore artifacts) {
        SessionStores stores = new SessionStores(
                artifacts, config.state().output(), config.state().secret());
        return new SessionActivitiesImpl(engine, stores, config.host());
    }

    @ProvidesIntoSet
    ActivityBinding binding(WorkerConfig config, SessionActivitiesImpl activities) {
        return ActivityBinding.on(activities, TaskQueues.SANDBOX, TaskQueues.sandboxOn(config.host()));
    }
}
