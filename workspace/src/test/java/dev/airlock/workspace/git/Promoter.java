package dev.airlock.workspace.git;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.promote.PromoteActivities.Approval;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** A process that promotes without end, to be killed; prints each promotion that it was told is done. */
final class Promoter {
    private Promoter() {}

    /** @param arguments directory of the workspaces, and a number that no other process has */
    public static void main(String[] arguments) throws IOException {
        Workspaces workspaces = new Workspaces(Path.of(arguments[0]));
        Random random = new Random(Long.parseLong(arguments[1]));
        PrintStream out = System.out;
        while (!out.checkError()) {
            RunId run = run(random);
            try (WorkspaceRepository repository = workspaces.open("orders")) {
                if (promote(repository, run) instanceof MoveResult.Moved moved) {
                    out.println(run + " " + moved.commit());
                }
            }
        }
    }

    static MoveResult promote(WorkspaceRepository repository, RunId run) throws IOException {
        CommitId base = repository.tip("main").orElseThrow();
        Place place = new Place("orders", "main", base);
        StepAttempt at = new StepAttempt(run, "generate", 1);
        Principal author = new Principal("user:rita");
        Digest evidence = new Digest("sha256:" + "00".repeat(32));
        CommitId content = repository.checkpoint(at, base, repository.tree(base), author, Instant.EPOCH);
        Approval approval = new Approval(repository.tree(base), evidence, Instant.EPOCH, author, "One more");
        Promotion promotion = new Promotion(repository);
        return switch (promotion.prepare(place, at, content, approval)) {
            case PrepareResult.Prepared prepared -> promotion.move(run, place, prepared.commit());
            case PrepareResult.BaseMoved moved -> new MoveResult.BaseMoved(moved.detail());
            case PrepareResult.TreeMismatch mismatch -> throw new IOException(mismatch.detail());
        };
    }

    static RunId run(Random random) {
        StringBuilder name = new StringBuilder("run-");
        while (name.length() < 30) {
            name.append((char) ('a' + random.nextInt(26)));
        }
        return new RunId(name.toString());
    }
}
