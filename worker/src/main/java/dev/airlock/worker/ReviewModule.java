package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.promote.PromoteActivitiesImpl;
import dev.airlock.activities.repository.RepositoryAccess;
import dev.airlock.activities.review.ReviewActivitiesImpl;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.change.TaskQueues;

/** Evidence, the check before an approval counts, and the promotion. */
final class ReviewModule extends AbstractModule {

    @ProvidesIntoSet
    ActivityBinding review(RepositoryAccess repositories, ArtifactStore artifacts) {
        return ActivityBinding.on(new ReviewActivitiesImpl(repositories, artifacts), TaskQueues.MAIN);
    }

    @ProvidesIntoSet
    ActivityBinding promote(RepositoryAccess repositories) {
        return ActivityBinding.on(new PromoteActivitiesImpl(repositories), TaskQueues.MAIN);
    }
}
