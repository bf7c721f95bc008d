package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.NOON;
import static dev.airlock.workspace.git.Fixtures.RITA;
import static dev.airlock.workspace.git.Fixtures.RUN;
import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.stream;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PromotionTest {
    private static final StepAttempt AT = new StepAttempt(RUN, "generate", 1);
    private static final Digest EVIDENCE = new Digest("sha256:" + "ab".repeat(32));

    @TempDir
    Path temp;

    private Workspaces workspaces;
    private WorkspaceRepository repository;
    private Promotion promotion;
    private Place place;
    private Checkpoint candidate;

    @BeforeEach
    void prepare() throws IOException {
        write(temp.resolve("source/kept"), "kept");
        workspaces = new Workspaces(temp.resolve("workspaces"));
        repository = workspaces.create("orders", temp.resolve("source"), "main");
        promotion = new Promotion(repository);
        place = new Place("orders", "main", repository.tip("main").orElseThrow());
        candidate = candidate(AT, "changed");
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void movesTheBranchToOneCommitWithTheApprovedTree() throws Exception {
        CommitId commit = prepared("Round the totals");

        assertThat(repository.tip("main")).contains(place.base());
        assertThat(promotion.move(RUN, place, commit)).isEqualTo(new MoveResult.Moved(commit));

        assertThat(repository.log("main", 10).getFirst()).satisfies(entry -> {
            assertThat(entry.commit()).isEqualTo(commit);
            assertThat(entry.tree()).isEqualTo(candidate.tree());
            assertThat(entry.parents()).containsExactly(place.base());
            assertThat(entry.run()).isEqualTo(RUN);
            assertThat(entry.author()).isEqualTo("user:rita");
            assertThat(entry.time()).isEqualTo(NOON);
            assertThat(entry.message())
                    .isEqualTo("Round the totals\n\nAirlock-Run: " + RUN + "\nAirlock-Evidence: " + EVIDENCE + "\n");
        });
        assertThat(git(repository.directory(), "cat-file", "commit", commit.value()))
                .contains("author rita <user-rita@airlock.invalid> 1772366400 +0000")
                .contains("committer Airlock <airlock@airlock.invalid> 1772366400 +0000");
        assertThat(git(repository.directory(), "rev-parse", "refs/airlock/promotions/" + RUN))
                .isEqualTo(commit.value());
        assertThat(git(repository.directory(), "fsck", "--strict")).doesNotContain("error");
    }

    @Test
    void preparesTheSameCommitAgainAlsoAfterTheMove() throws Exception {
        CommitId commit = prepared("a");
        assertThat(prepared("a")).isEqualTo(commit);
        promotion.move(RUN, place, commit);

        assertThat(prepared("a")).isEqualTo(commit);
    }

    @Test
    void findsTheMarkerAfterTheBranchMovedOn() throws Exception {
        CommitId commit = prepared("a");
        promotion.move(RUN, place, commit);
        git(repository.directory(), "update-ref", "refs/heads/main", anotherCommit(commit));

        assertThat(promotion.move(RUN, place, commit)).isEqualTo(new MoveResult.Moved(commit));
    }

    @Test
    void refusesToMoveFromAnotherBase() throws Exception {
        CommitId commit = prepared("a");
        String other = anotherCommit(place.base());
        git(repository.directory(), "update-ref", "refs/heads/main", other);

        assertThat(promotion.move(RUN, place, commit))
                .isInstanceOfSatisfying(
                        MoveResult.BaseMoved.class,
                        moved -> assertThat(moved.detail())
                                .contains(place.base().value())
                                .contains(other));
        assertThat(promotion.check(place, AT, candidate).fitness()).isEqualTo(Fitness.BASE_MOVED);
        assertThat(promotion.prepare(place, AT, candidate.commit(), approval("b")))
                .isInstanceOf(PrepareResult.BaseMoved.class);
        assertThat(repository.tip("main")).contains(new CommitId(other));
        assertThat(git(repository.directory(), "for-each-ref", "refs/airlock/promotions"))
                .isEmpty();
    }

    @Test
    void aBranchThatIsGoneHasMoved() throws Exception {
        CommitId commit = prepared("a");
        git(repository.directory(), "update-ref", "-d", "refs/heads/main");

        assertThat(promotion.move(RUN, place, commit))
                .isInstanceOfSatisfying(
                        MoveResult.BaseMoved.class,
                        moved -> assertThat(moved.detail()).contains("is gone"));
    }

    @Test
    void refusesAMarkerThatNamesAnotherCommit() throws Exception {
        CommitId commit = prepared("a");
        git(repository.directory(), "update-ref", "refs/airlock/promotions/" + RUN, anotherCommit(place.base()));

        assertThatThrownBy(() -> promotion.move(RUN, place, commit))
                .isInstanceOfSatisfying(
                        WorkspaceException.class, e -> assertThat(e.kind()).isEqualTo(WorkspaceException.Kind.CORRUPT));
        assertThat(repository.tip("main")).contains(place.base());
    }

    @Test
    void refusesACommitMadeOnAnotherBase() throws Exception {
        String other = anotherCommit(new CommitId(anotherCommit(place.base())));

        assertThatThrownBy(() -> promotion.move(RUN, place, new CommitId(other)))
                .hasMessageContaining("was not made on base");
        assertThat(repository.tip("main")).contains(place.base());
    }

    @Test
    void noticesACheckpointThatWasMovedOrRemoved() throws Exception {
        String ref = "refs/airlock/runs/" + RUN + "/generate/1";
        git(repository.directory(), "update-ref", ref, place.base().value());
        assertThat(promotion.check(place, AT, candidate)).satisfies(result -> {
            assertThat(result.fitness()).isEqualTo(Fitness.TREE_MISMATCH);
            assertThat(result.detail())
                    .contains(place.base().value())
                    .contains(candidate.commit().value());
        });
        assertThat(promotion.prepare(place, AT, candidate.commit(), approval("a")))
                .isInstanceOf(PrepareResult.TreeMismatch.class);

        git(repository.directory(), "update-ref", "-d", ref);
        assertThat(promotion.check(place, AT, candidate).detail()).contains("is gone");
    }

    @Test
    void noticesATreeThatIsNotTheApprovedOne() throws Exception {
        TreeId other = repository.tree(place.base());

        assertThat(promotion
                        .check(place, AT, new Checkpoint(candidate.commit(), other))
                        .fitness())
                .isEqualTo(Fitness.TREE_MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packed-refs.lock",
                "refs/heads/main.lock",
                "refs/airlock/promotions/run-aaaaaaaaaaaaaaaaaaaaaaaaaa.lock"
            })
    void healsALockThatAKilledProcessLeft(String lock) throws Exception {
        CommitId commit = prepared("a");
        write(repository.directory().resolve(lock), place.base().value());

        assertThat(promotion.move(RUN, place, commit)).isEqualTo(new MoveResult.Moved(commit));
        assertThat(repository.tip("main")).contains(commit);
        assertThat(repository.directory().resolve(lock)).doesNotExist();
    }

    private Checkpoint candidate(StepAttempt at, String content) throws IOException {
        try (TreeWriter writer = repository.newTree()) {
            writer.file("kept", false, stream("kept"));
            writer.file("dir/changed", false, stream(content));
            TreeId tree = writer.finish();
            return new Checkpoint(repository.checkpoint(at, place.base(), tree, RITA, NOON), tree);
        }
    }

    private Approval approval(String subject) {
        return new Approval(candidate.tree(), EVIDENCE, NOON, RITA, subject);
    }

    private CommitId prepared(String subject) throws IOException {
        return ((PrepareResult.Prepared) promotion.prepare(place, AT, candidate.commit(), approval(subject))).commit();
    }

    private String anotherCommit(CommitId parent) throws Exception {
        return git(
                repository.directory(),
                "commit-tree",
                "-p",
                parent.value(),
                "-m",
                "other",
                candidate.tree().value());
    }
}
