package dev.airlock.workflows;

import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.change.ActionResult;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeResult;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.change.ChangeView;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.DecisionResult;
import dev.airlock.workflows.change.Extend;
import dev.airlock.workflows.change.Fork;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RefusalCode;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.change.RunEvent;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.StepView;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.event.EventActivities;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.promote.PromoteActivities;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.review.ReviewActivities;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workflows.validate.ValidateActivities;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One value of every type that travels. */
final class Samples {
    private static final RunId RUN = Names.run("inst", "airlock:cli", "1");
    private static final StepAttempt AT = new StepAttempt(RUN, "test", 2);
    private static final Digest DIGEST = new Digest("sha256:" + "a1".repeat(32));
    private static final CommitId COMMIT = new CommitId("c0".repeat(20));
    private static final TreeId TREE = new TreeId("7e".repeat(20));
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Principal ANN = new Principal("user:ann");
    private static final Principal RITA = new Principal("user:rita");
    private static final EngineIdentity ENGINE = new EngineIdentity("docker", "runc", "hardened");
    private static final CommandSpec COMMAND = new CommandSpec(
            List.of("/bin/sh", "-c", "python3 -m unittest"), CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT);
    private static final CommandReport REPORT = new CommandReport(0, null, DIGEST, DIGEST, "sha256:image", ENGINE);
    private static final AuditHead HEAD = new AuditHead("incarnation", 12, DIGEST, 3, 345);

    private Samples() {}

    static Map<String, Object> all() {
        Map<String, Object> samples = new TreeMap<>();
        ids(samples);
        change(samples);
        steps(samples);
        activities(samples);
        SessionSamples.addTo(samples);
        return samples;
    }

    private static void ids(Map<String, Object> samples) {
        samples.put("RunId", RUN);
        samples.put("CommitId", COMMIT);
        samples.put("TreeId", TREE);
        samples.put("Digest", DIGEST);
        samples.put("Principal", ANN);
        samples.put("StepAttempt", AT);
        samples.put("Checkpoint", new Checkpoint(COMMIT, TREE));
    }

    private static void change(Map<String, Object> samples) {
        ChangeSource task = new ChangeSource.Task(DIGEST);
        samples.put("ChangeSource.Task", task);
        samples.put("ChangeSource.Candidate", new ChangeSource.Candidate(COMMIT, TREE));
        samples.put(
                "ChangeRequest",
                new ChangeRequest(
                        new ChangeRequest.Origin("inst", ANN, "add a discount", "airlock:cli", "1"),
                        new ChangeRequest.Target("orders", "main", COMMIT),
                        new ChangeRequest.Definition(pipeline(), DIGEST, DIGEST),
                        task,
                        new Fork(RUN, "test", COMMIT, TREE)));
        samples.put(
                "ChangeRequest.traced",
                new ChangeRequest(
                        new ChangeRequest.Origin("inst", ANN, "add a discount", "ci", "1", TRACE),
                        new ChangeRequest.Target("orders", "main", COMMIT),
                        new ChangeRequest.Definition(pipeline(), DIGEST, null),
                        task,
                        null));
        samples.put("RunEvent", new RunEvent("ci", "e1", "deploy.finished", "{\"ok\":true}", TIME));
        ChangeView view = new ChangeView(
                RunState.ENDED,
                Outcome.PROMOTED,
                "approved by user:rita",
                new Checkpoint(COMMIT, TREE),
                DIGEST,
                COMMIT,
                List.of(new StepView(
                        "test", 2, StepState.DONE, Verdict.PASSED, REPORT, "note", TIME, TIME.plusSeconds(3))),
                HEAD);
        samples.put("ChangeView", view);
        samples.put("ChangeResult.Promoted", new ChangeResult.Promoted(view, COMMIT));
        samples.put("ChangeResult.Rejected", new ChangeResult.Rejected(view));
        samples.put("ChangeResult.Refused", new ChangeResult.Refused(view));
        samples.put("ChangeResult.Failed", new ChangeResult.Failed(view));
        samples.put("ChangeResult.Expired", new ChangeResult.Expired(view));
        samples.put("ChangeResult.Cancelled", new ChangeResult.Cancelled(view));
        samples.put("Decision.Approve", new Decision.Approve("d1", RITA, DIGEST));
        samples.put("Decision.Reject", new Decision.Reject("d1", RITA, DIGEST, "no"));
        samples.put("Decision.RequestChanges", new Decision.RequestChanges("d1", RITA, DIGEST, "shorter"));
        samples.put(
                "DecisionResult",
                new DecisionResult("d1", false, RunState.ENDED, RefusalCode.BASE_MOVED, "main is elsewhere"));
        samples.put("Retry", new Retry(RITA, "test"));
        samples.put("Cancel", new Cancel(RITA, "not needed"));
        samples.put("Extend", new Extend(RITA, Duration.ofHours(1)));
        samples.put("ActionResult", new ActionResult(false, RunState.PROMOTING, RefusalCode.ALREADY_DECIDED, "late"));
    }

    private static Pipeline pipeline() {
        return new Pipeline(
                "orders",
                "orders",
                new Pipeline.Limits(3, Duration.ofDays(3)),
                List.of(new Step("test", List.of("validate"), "a == b", "items", new StepUse.Promote(null))));
    }

    private static void steps(Map<String, Object> samples) {
        samples.put("Pipeline", pipeline());
        samples.put("StepUse.Generate", new StepUse.Generate(COMMAND, true));
        samples.put(
                "StepUse.Validate",
                new StepUse.Validate(
                        List.of("paths", "size", "secrets"),
                        new StepUse.Paths(List.of("src/**"), List.of(".airlock/**")),
                        new StepUse.Sizes(1 << 20, 64 << 20),
                        "policy/change.cel"));
        samples.put("StepUse.Sandbox", new StepUse.Sandbox(COMMAND, List.of("report/**")));
        samples.put("StepUse.Review", new StepUse.Review(2, List.of("reviewer"), true, Duration.ofDays(2)));
        samples.put("StepUse.Promote", new StepUse.Promote("main"));
        samples.put("StepUse.Wait", new StepUse.Wait("deploy.finished", "data.ok", Duration.ofHours(1)));
        samples.put("StepUse.Emit", new StepUse.Emit("deploys", "deploy.wanted", "{\"to\":\"prod\"}"));
        samples.put(
                "SandboxJob",
                new SandboxJob(
                        "inst",
                        AT,
                        new SandboxJob.Tree("orders", COMMIT, COMMIT),
                        COMMAND,
                        new SandboxJob.Input(DIGEST, DIGEST, DIGEST, "shorter"),
                        new SandboxJob.Product(ANN, List.of("report/**")),
                        TIME));
        samples.put("SandboxPlace", new SandboxPlace("host-a", "airlock-x"));
        samples.put("SandboxResult.Ended", new SandboxResult.Ended(REPORT, new Checkpoint(COMMIT, TREE), DIGEST));
        samples.put("SandboxResult.Died", new SandboxResult.Died("no verdict", "sha256:image", ENGINE));
        samples.put("SandboxResult.Lost", new SandboxResult.Lost("daemon restarted"));
        samples.put(
                "CommandReport.limit", new CommandReport(null, Limit.TIMEOUT, DIGEST, null, "sha256:image", ENGINE));
    }

    private static void activities(Map<String, Object> samples) {
        Evidence evidence = new Evidence(
                Evidence.SCHEMA,
                RUN,
                "orders",
                "main",
                COMMIT,
                COMMIT,
                TREE,
                "patch",
                DIGEST,
                null,
                DIGEST,
                List.of(new Evidence.Test("test", 2, 0, DIGEST, "sha256:image", "docker", "hardened")),
                null);
        samples.put("Evidence", evidence);
        samples.put("Finding", new Finding("paths/denied", Finding.Severity.BLOCK, ".airlock/p.yaml", 3, "denied"));
        samples.put(
                "ValidateRequest",
                new ValidateActivities.ValidateRequest(
                        AT,
                        "orders",
                        COMMIT,
                        COMMIT,
                        new StepUse.Validate(
                                List.of(), new StepUse.Paths(List.of(), List.of()), new StepUse.Sizes(1, 2), null)));
        samples.put("ValidateResult", new ValidateActivities.ValidateResult(DIGEST, 1, 2));
        samples.put("SealResult", new ReviewActivities.SealResult(DIGEST, "patch"));
        samples.put("CheckRequest", new ReviewActivities.CheckRequest(evidence, AT));
        samples.put(
                "CheckResult",
                new ReviewActivities.CheckResult(ReviewActivities.Fitness.BASE_MOVED, "main is elsewhere"));
        PromoteActivities.Place place = new PromoteActivities.Place("orders", "main", COMMIT);
        samples.put(
                "PrepareRequest",
                new PromoteActivities.PrepareRequest(
                        AT, place, COMMIT, new PromoteActivities.Approval(TREE, DIGEST, TIME, ANN, "add")));
        samples.put("PrepareResult.Prepared", new PromoteActivities.PrepareResult.Prepared(COMMIT));
        samples.put("PrepareResult.BaseMoved", new PromoteActivities.PrepareResult.BaseMoved("elsewhere"));
        samples.put("PrepareResult.TreeMismatch", new PromoteActivities.PrepareResult.TreeMismatch("other"));
        samples.put("MoveRequest", new PromoteActivities.MoveRequest(RUN, place, COMMIT));
        samples.put("MoveResult.Moved", new PromoteActivities.MoveResult.Moved(COMMIT));
        samples.put("MoveResult.BaseMoved", new PromoteActivities.MoveResult.BaseMoved("elsewhere"));
        samples.put(
                "EmitRequest",
                new AuditActivities.EmitRequest(
                        "inst",
                        RUN,
                        HEAD,
                        List.of(new AuditEntry("step.started", TIME, Map.of("step", "test", "attempt", 2)))));
        samples.put(
                "EmitRequest.traced",
                new AuditActivities.EmitRequest(
                        "inst",
                        RUN,
                        null,
                        List.of(new AuditEntry("run.started", TIME, Map.of())),
                        new AuditActivities.Origin("incarnation", TIME),
                        new AuditActivities.About("orders", "ci", "1", TRACE)));
        samples.put(
                "EmitRequest.takenOver",
                new AuditActivities.EmitRequest(
                        "inst", RUN, HEAD, List.of(new AuditEntry("run.ended", TIME, Map.of())), null, null, true));
        samples.put("AuditHead", HEAD);
        samples.put(
                "AuditHead.ended",
                HEAD.after(null, new AuditHead.Stretch(340, 345)).withBundle(DIGEST));
        samples.put("MatchRequest", new EventActivities.MatchRequest("data.ok", "ci", "deploy.finished", "{}"));
        samples.put("MatchResult", new EventActivities.MatchResult(false, "no such key: ok"));
        samples.put(
                "SendRequest",
                new EventActivities.SendRequest(
                        "inst", AT, TIME, new EventActivities.Outgoing("deploys", "deploy.wanted", "{}"), TRACE));
        samples.put("SendResult", new EventActivities.SendResult(RUN + "/tell/1", 2, 17));
    }
}
