package dev.airlock.activities.promote;

import dev.airlock.activities.repository.RepositoryAccess;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.promote.PromoteActivities;
import dev.airlock.workspace.git.Promotion;

/** {@link PromoteActivities} on the guarded repositories of this host. */
public final class PromoteActivitiesImpl implements PromoteActivities {
    private final RepositoryAccess repositories;

    public PromoteActivitiesImpl(RepositoryAccess repositories) {
        this.repositories = repositories;
    }

    @Override
    public PrepareResult prepare(PrepareRequest request) {
        PrepareResult result = repositories.with(
                request.place().workspace(),
                repository -> new Promotion(repository)
                        .prepare(request.place(), request.checkpoint(), request.candidate(), request.approval()));
        Failpoints.hit("promote.prepared");
        return result;
    }

    @Override
    public MoveResult move(MoveRequest request) {
        Failpoints.hit("promote.before-move");
        MoveResult result = repositories.with(
                request.place().workspace(),
                repository -> new Promotion(repository).move(request.run(), request.place(), request.commit()));
        Failpoints.hit("promote.moved");
        return result;
    }
}
