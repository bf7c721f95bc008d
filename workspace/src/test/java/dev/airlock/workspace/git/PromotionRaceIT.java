package dev.airlock.workspace.git;

import static dev.airlock.workspace.git.Fixtures.NOON;
import static dev.airlock.workspace.git.Fixtures.RITA;
import static dev.airlock.workspace.git.Fixtures.git;
import static dev.airlock.workspace.git.Fixtures.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several repositories opened on the same files, as several workers do. */
@Timeout(300)
final class PromotionRaceIT {
    @TempDir
    Path temp;

    private Workspaces workspaces;
    private WorkspaceRepository repository;
    private TreeId tree;

    @BeforeEach
    void prepare() throws IOException {
        write(temp.resolve("source/file"), "content");
        workspaces = new Workspaces(temp.resolve("workspaces"));
        repository = workspaces.create("orders", temp.resolve("source"), "main");
        tree = repository.tree(repository.tip("main").orElseThrow());
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void oneOfFourRacersWinsEveryTime() throws Exception {
        int rounds = 200;
        int racers = 4;
        CyclicBarrier start = new CyclicBarrier(racers);
        try (ExecutorService pool = Executors.newFixedThreadPool(racers)) {
            CommitId base = repository.tip("main").orElseThrow();
            for (int round = 0; round < rounds; round++) {
                List<Future<MoveResult>> results = new ArrayList<>();
                for (int racer = 0; racer < racers; racer++) {
                    results.add(pool.submit(racer(start, base, round, racer)));
                }
                base = onlyWinner(results);
                assertThat(repository.tip("main")).contains(base);
            }
        }
        assertThat(git(repository.directory(), "for-each-ref", "refs/airlock/promotions")
                        .lines())
                .hasSize(rounds);
        assertThat(repository.log("main", 1000)).hasSize(rounds + 1);
    }

    private Callable<MoveResult> racer(CyclicBarrier start, CommitId base, int round, int racer) {
        return () -> {
            try (WorkspaceRepository own = workspaces.open("orders")) {
                RunId run = run(round * 4 + racer);
                Place from = new Place("orders", "main", base);
                CommitId commit = own.checkpoint(new StepAttempt(run, "generate", 1), base, tree, RITA, NOON);
                start.await();
                return new Promotion(own).move(run, from, commit);
            }
        };
    }

    private static CommitId onlyWinner(List<Future<MoveResult>> results) throws Exception {
        List<CommitId> winners = new ArrayList<>();
        for (Future<MoveResult> result : results) {
            if (result.get() instanceof MoveResult.Moved moved) {
                winners.add(moved.commit());
            }
        }
        assertThat(winners).hasSize(1);
        return winners.getFirst();
    }

    private static RunId run(int number) {
        StringBuilder name = new StringBuilder();
        for (int rest = number; name.length() < 26; rest /= 26) {
            name.append((char) ('a' + rest % 26));
        }
        return new RunId("run-" + name);
    }
}
