package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.NOON;
import static dev.airlock.workspace.git.Fixtures.RITA;
import static dev.airlock.workspace.git.Fixtures.RUN;
import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.review.ReviewActivities.CheckResult;
import dev.airlock.workflows.review.ReviewActivities.Fitness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntegrityTest {
    private static final StepAttempt AT = new StepAttempt(RUN, "generate", 1);

    @TempDir
    Path temp;

    private Workspaces workspaces;
    private WorkspaceRepository repository;
    private Place place;
    private Checkpoint candidate;
    private StepAttempt at = AT;

    @BeforeEach
    void prepare() throws IOException {
        write(temp.resolve("source/kept"), "kept");
        workspaces = new Workspaces(temp.resolve("workspaces"));
        repository = workspaces.create("orders", temp.resolve("source"), "main");
        place = new Place("orders", "main", repository.tip("main").orElseThrow());
        write(temp.resolve("source/a/b/deep"), "deep content");
        candidate = candidate(AT);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void whatIsSoundFits() throws Exception {
        assertThat(check()).isEqualTo(new CheckResult(Fitness.FIT, null));
    }

    @Test
    void findsEveryFlippedByteOfEverySmallObject() throws Exception {
        for (String name : new String[] {"a/b/deep", "a/b", "a", "", "commit"}) {
            Path object = object(id(name));
            byte[] sound = Files.readAllBytes(object);
            // The last four bytes are deflate's own checksum: the content is whole without them.
            for (int i = 0; i < sound.length - 4; i++) {
                byte[] damaged = sound.clone();
                damaged[i] ^= (byte) 0xff;
                overwrite(object, damaged);
                assertThat(check())
                        .as("%s byte %d of %d", name, i, sound.length)
                        .satisfies(result -> {
                            assertThat(result.fitness()).isEqualTo(Fitness.TREE_MISMATCH);
                            assertThat(result.detail()).contains("object");
                        });
            }
            overwrite(object, sound);
        }
        assertThat(check().fitness()).isEqualTo(Fitness.FIT);
    }

    @Test
    void findsTruncatedEmptyAndMissingObjects() throws Exception {
        for (String name : new String[] {"a/b/deep", "a/b", "commit"}) {
            Path object = object(id(name));
            byte[] sound = Files.readAllBytes(object);
            for (int length : new int[] {0, 1, 2, 5, sound.length / 2}) {
                overwrite(object, Arrays.copyOf(sound, length));
                assertThat(check().fitness()).as("%s cut to %d", name, length).isEqualTo(Fitness.TREE_MISMATCH);
            }
            Files.delete(object);
            assertThat(check().fitness()).as("%s missing", name).isEqualTo(Fitness.TREE_MISMATCH);
            overwrite(object, sound);
        }
    }

    @Test
    void findsADamagedByteInALargeObject() throws Exception {
        byte[] noise = new byte[5 << 20];
        new Random(1).nextBytes(noise);
        Files.write(temp.resolve("source/large"), noise);
        at = new StepAttempt(RUN, "generate", 2);
        candidate = candidate(at);
        Path object = object(id("large"));
        byte[] sound = Files.readAllBytes(object);
        overwrite(object, Arrays.copyOf(sound, sound.length / 2));
        assertThat(check().fitness()).isEqualTo(Fitness.TREE_MISMATCH);
        for (int i = 100; i < sound.length - 4; i += sound.length / 7) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 1;
            overwrite(object, damaged);
            assertThat(check().fitness()).isEqualTo(Fitness.TREE_MISMATCH);
        }
    }

    @Test
    void findsTheSoundDataOfAnotherObject() throws Exception {
        write(temp.resolve("other"), "evil content");
        Path evil = object(git(
                repository.directory(),
                "hash-object",
                "-w",
                temp.resolve("other").toString()));
        overwrite(object(id("a/b/deep")), Files.readAllBytes(evil));

        assertThat(check()).satisfies(result -> {
            assertThat(result.fitness()).isEqualTo(Fitness.TREE_MISMATCH);
            assertThat(result.detail()).contains("a/b/deep").contains("holds the content of");
        });
    }

    @Test
    void findsATreeReplacedByAnotherTree() throws Exception {
        Path emptyTree = object(git(repository.directory(), "mktree", "--missing"));
        overwrite(object(id("a/b")), Files.readAllBytes(emptyTree));

        assertThat(check().fitness()).isEqualTo(Fitness.TREE_MISMATCH);
    }

    @Test
    void readsWhatWasPackedMeanwhile() throws Exception {
        git(repository.directory(), "repack", "-adq");
        assertThat(check().fitness()).isEqualTo(Fitness.FIT);

        Path pack;
        try (var packs = Files.newDirectoryStream(repository.directory().resolve("objects/pack"), "*.pack")) {
            pack = packs.iterator().next();
        }
        byte[] sound = Files.readAllBytes(pack);
        sound[sound.length / 2] ^= 1;
        overwrite(pack, sound);
        assertThat(check().fitness()).isEqualTo(Fitness.TREE_MISMATCH);
    }

    @Test
    void leavesWhatTheBaseHasAlone() throws Exception {
        write(temp.resolve("source/kept"), "changed");
        at = new StepAttempt(RUN, "generate", 2);
        candidate = candidate(at);

        assertThat(check().fitness()).isEqualTo(Fitness.FIT);
    }

    private Checkpoint candidate(StepAttempt attempt) throws IOException {
        Checkpoint made = repository.candidateFromDirectory(place.base(), temp.resolve("source"), RITA, "x", NOON);
        repository.pin(attempt, made.commit());
        return made;
    }

    /** A repository opened now, as an activity does. */
    private CheckResult check() throws IOException {
        try (WorkspaceRepository fresh = workspaces.open("orders")) {
            return new Promotion(fresh).check(place, at, candidate);
        }
    }

    private String id(String path) throws Exception {
        if (path.equals("commit")) {
            return candidate.commit().value();
        }
        return git(repository.directory(), "rev-parse", candidate.commit() + ":" + path);
    }

    private Path object(String id) {
        return repository.directory().resolve("objects/" + id.substring(0, 2) + "/" + id.substring(2));
    }

    private static void overwrite(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Files.write(file, content);
    }
}
