package dev.airlock.cli;

import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.RunSummary;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.validate.Finding;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of everything. */
final class Samples {
    static final RunId RUN = new RunId("run-" + "a".repeat(26));
    static final RunId OTHER_RUN = new RunId("run-" + "b".repeat(26));
    static final CommitId BASE = new CommitId("1".repeat(40));
    static final CommitId CANDIDATE = new CommitId("2".repeat(40));
    static final TreeId TREE = new TreeId("3".repeat(40));
    static final Digest EVIDENCE = new Digest("sha256:" + "4".repeat(64));
    static final Digest REPORT = new Digest("sha256:" + "5".repeat(64));
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String IMAGE = "sha256:" + "6".repeat(64);
    private static final EngineIdentity ENGINE = new EngineIdentity("docker", "runc", "hardened");

    private Samples() {}

    /** One moment of a run. */
    static RunStatus at(RunState state, @Nullable Outcome outcome, StepStatus... steps) {
        RunStatus full = status();
        return new RunStatus(
                RUN,
                "orders",
                "main",
                state,
                outcome,
                outcome == null || outcome == Outcome.PROMOTED ? null : "because\nof this",
                full.author(),
                "Round half up",
                BASE,
                CANDIDATE,
                TREE,
                state == RunState.WAITING_REVIEW ? EVIDENCE : null,
                outcome == Outcome.PROMOTED ? CANDIDATE : null,
                List.of(steps),
                full.audit(),
                null,
                null,
                true);
    }

    /** A step's attempt that runs, or ended after 1.2 seconds. */
    static StepStatus step(String id, int attempt, @Nullable Verdict verdict) {
        return new StepStatus(
                id,
                attempt,
                verdict == null ? StepState.RUNNING : StepState.DONE,
                verdict,
                verdict == Verdict.RED ? (Integer) 3 : null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                TIME,
                verdict == null ? null : TIME.plusMillis(1200));
    }

    static RunStatus status() {
        StepStatus red = new StepStatus(
                "test",
                1,
                StepState.DONE,
                Verdict.RED,
                1,
                null,
                IMAGE,
                ENGINE.name(),
                ENGINE.runtime(),
                ENGINE.tier(),
                REPORT,
                "exit code 1",
                TIME,
                TIME.plusSeconds(2));
        StepStatus waiting = new StepStatus(
                "review", 1, StepState.WAITING, null, null, null, null, null, null, null, null, null, TIME, null);
        return new RunStatus(
                RUN,
                "orders",
                "main",
                RunState.WAITING_REVIEW,
                null,
                "waits for 1 approval",
                new Principal("user:anna"),
                "Round \u001b[31mhalf up",
                BASE,
                CANDIDATE,
                TREE,
                EVIDENCE,
                null,
                List.of(red, waiting),
                new RunStatus.Audit(7, REPORT),
                null,
                null,
                true);
    }

    static RunList list() {
        return new RunList(List.of(summary(RUN)), "bmV4dA");
    }

    static RunSummary summary(RunId run) {
        return new RunSummary(
                run, "orders", "main", "ENDED", "PROMOTED", "user:anna", "orders", BASE, TIME, TIME.plusSeconds(9));
    }

    static ReviewFile review() {
        Evidence document = new Evidence(
                Evidence.SCHEMA,
                RUN,
                "orders",
                "main",
                BASE,
                CANDIDATE,
                TREE,
                "7".repeat(40),
                REPORT,
                null,
                REPORT,
                List.of(Evidence.Test.of("test", 2, 0, REPORT, IMAGE, ENGINE)),
                null);
        Finding finding = new Finding("size/file", Finding.Severity.WARN, "big.bin", null, "is large");
        ReviewFile.Test test = new ReviewFile.Test(
                "test", 2, 0, REPORT, IMAGE, ENGINE.name(), ENGINE.tier(), "Ran 17 tests\nOK\n", 16L);
        return new ReviewFile(
                RUN,
                RunState.WAITING_REVIEW,
                EVIDENCE,
                document,
                "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-one\n+two\u202e\n",
                List.of(finding),
                List.of(test));
    }
}
