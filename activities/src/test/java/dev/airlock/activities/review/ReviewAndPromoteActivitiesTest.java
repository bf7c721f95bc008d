package dev.airlock.activities.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.activities.promote.PromoteActivitiesImpl;
import dev.airlock.activities.repository.RepositoryAccess;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.promote.PromoteActivities;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.promote.PromoteActivities.MoveRequest;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.promote.PromoteActivities.PrepareRequest;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.review.ReviewActivities;
import dev.airlock.workflows.review.ReviewActivities.CheckRequest;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import dev.airlock.workflows.review.ReviewActivities.SealResult;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReviewAndPromoteActivitiesTest {
    private static final RunId RUN = new RunId("run-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    private static final StepAttempt AT = new StepAttempt(RUN, "generate", 1);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Principal RITA = new Principal("user:rita");
    private static final Digest PIPELINE = CanonicalJson.sha256("p".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path temp;

    private ArtifactStore artifacts;
    private ReviewActivities review;
    private PromoteActivities promote;
    private Place place;
    private Evidence draft;
    private Path directory;

    @BeforeEach
    void prepare() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("file"), "before\n");
        Workspaces workspaces = new Workspaces(temp.resolve("workspaces"));
        artifacts = new DirectoryArtifactStore(temp.resolve("artifacts"));
        RepositoryAccess access = new RepositoryAccess(workspaces);
        review = new ReviewActivitiesImpl(access, artifacts);
        promote = new PromoteActivitiesImpl(access);
        try (WorkspaceRepository repository = workspaces.create("orders", source, "main")) {
            directory = repository.directory();
            CommitId base = repository.tip("main").orElseThrow();
            Files.writeString(source.resolve("file"), "after\n");
            Checkpoint content = repository.candidateFromDirectory(base, source, RITA, "change", NOON);
            repository.pin(AT, content.commit());
            place = new Place("orders", "main", base);
            draft = new Evidence(
                    Evidence.SCHEMA,
                    RUN,
                    "orders",
                    "main",
                    base,
                    content.commit(),
                    content.tree(),
                    null,
                    PIPELINE,
                    null,
                    null,
                    List.of(),
                    null);
        }
    }

    @Test
    void sealsTheSameEvidenceTheSameWay() throws Exception {
        SealResult sealed = review.seal(draft);

        assertThat(review.seal(draft)).isEqualTo(sealed);
        assertThat(sealed.patch()).matches("[0-9a-f]{40}");
        try (var in = artifacts.open(sealed.evidence())) {
            assertThat(Payloads.mapper().readValue(in.readAllBytes(), Evidence.class))
                    .isEqualTo(draft.withPatch(sealed.patch()));
        }
        assertThat(CanonicalJson.digest(draft.withPatch(sealed.patch()))).isEqualTo(sealed.evidence());
    }

    @Test
    void checksPreparesAndMoves() {
        assertThat(review.check(new CheckRequest(draft, AT)).fitness()).isEqualTo(Fitness.FIT);

        PrepareResult prepared = promote.prepare(prepareRequest());
        CommitId commit = ((PrepareResult.Prepared) prepared).commit();
        MoveRequest move = new MoveRequest(RUN, place, commit);

        assertThat(promote.move(move)).isEqualTo(new MoveResult.Moved(commit));
        assertThat(promote.move(move)).isEqualTo(new MoveResult.Moved(commit));
        assertThat(promote.prepare(prepareRequest())).isEqualTo(prepared);
        assertThat(review.check(new CheckRequest(draft, AT)).fitness()).isEqualTo(Fitness.BASE_MOVED);
    }

    @Test
    void whatIsDamagedIsAnAnswer() throws Exception {
        PrepareRequest request = prepareRequest();
        String commit = draft.candidate().value();
        Files.delete(directory.resolve("objects/" + commit.substring(0, 2) + "/" + commit.substring(2)));

        assertThat(review.check(new CheckRequest(draft, AT)).fitness()).isEqualTo(Fitness.TREE_MISMATCH);
        assertThat(promote.prepare(request)).isInstanceOf(PrepareResult.TreeMismatch.class);
    }

    @Test
    void aWorkspaceThatIsGoneIsAFailureThatNobodyRetries() throws Exception {
        Files.move(directory, temp.resolve("elsewhere"));

        assertThatThrownBy(() -> review.seal(draft)).isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
            assertThat(failure.getType()).isEqualTo(FailureType.CORRUPT.name());
            assertThat(failure.isNonRetryable()).isTrue();
            assertThat(failure.getOriginalMessage()).contains("orders");
        });
    }

    @Test
    void aRepositoryThatCannotBeLockedIsTriedAgain() throws Exception {
        CommitId commit = ((PrepareResult.Prepared) promote.prepare(prepareRequest())).commit();
        Files.delete(directory.resolve("airlock.lock"));
        Files.createDirectory(directory.resolve("airlock.lock"));

        assertThatThrownBy(() -> promote.move(new MoveRequest(RUN, place, commit)))
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo(FailureType.UNAVAILABLE.name());
                    assertThat(failure.isNonRetryable()).isFalse();
                });
    }

    private PrepareRequest prepareRequest() {
        Digest evidence = review.seal(draft).evidence();
        return new PrepareRequest(
                AT, place, draft.candidate(), new Approval(draft.tree(), evidence, NOON, RITA, "Change the file"));
    }
}
