package dev.airlock.activities.review;

import dev.airlock.activities.repository.RepositoryAccess;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.review.ReviewActivities;
import dev.airlock.workspace.git.Promotion;

/** {@link ReviewActivities} on the guarded repositories and the artifact store. */
public final class ReviewActivitiesImpl implements ReviewActivities {
    private final RepositoryAccess repositories;
    private final ArtifactStore artifacts;

    public ReviewActivitiesImpl(RepositoryAccess repositories, ArtifactStore artifacts) {
        this.repositories = repositories;
        this.artifacts = artifacts;
    }

    @Override
    public SealResult seal(Evidence draft) {
        return repositories.with(draft.workspace(), repository -> {
            String patch = repository.patchId(draft.base(), draft.candidate());
            return new SealResult(artifacts.put(CanonicalJson.bytes(draft.withPatch(patch))), patch);
        });
    }

    @Override
    public CheckResult check(CheckRequest request) {
        Evidence evidence = request.evidence();
        Place place = new Place(evidence.workspace(), evidence.branch(), evidence.base());
        Checkpoint content = new Checkpoint(evidence.candidate(), evidence.tree());
        return repositories.with(
                evidence.workspace(),
                repository -> new Promotion(repository).check(place, request.checkpoint(), content));
    }
}
