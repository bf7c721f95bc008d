package dev.airlock.worker;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.ProvidesIntoSet;
import dev.airlock.activities.validate.ValidateActivitiesImpl;
import dev.airlock.activities.validate.Validators;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workspace.git.Workspaces;

/** Validators. */
final class ValidateModule extends AbstractModule {

    @ProvidesIntoSet
    ActivityBinding validate(Workspaces workspaces, ArtifactStore artifacts) {
        return ActivityBinding.on(
                new ValidateActivitiesImpl(workspaces, artifacts, Validators.standard()), TaskQueues.MAIN);
    }
}
