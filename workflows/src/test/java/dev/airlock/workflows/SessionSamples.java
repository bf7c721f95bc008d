package dev.airlock.workflows;

import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.Answered;
import dev.airlock.workflows.session.Call;
import dev.airlock.workflows.session.CommandEnd;
import dev.airlock.workflows.session.Counters;
import dev.airlock.workflows.session.ExecResult;
import dev.airlock.workflows.session.Held;
import dev.airlock.workflows.session.Refused;
import dev.airlock.workflows.session.Restored;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.ExecRequest;
import dev.airlock.workflows.session.SessionActivities.GetRequest;
import dev.airlock.workflows.session.SessionActivities.Lodging;
import dev.airlock.workflows.session.SessionActivities.OpenRequest;
import dev.airlock.workflows.session.SessionActivities.PutRequest;
import dev.airlock.workflows.session.SessionActivities.TransferOutcome;
import dev.airlock.workflows.session.SessionMemo;
import dev.airlock.workflows.session.SessionOutcome;
import dev.airlock.workflows.session.SessionRefusal;
import dev.airlock.workflows.session.SessionRequest;
import dev.airlock.workflows.session.SessionState;
import dev.airlock.workflows.session.SessionView;
import dev.airlock.workflows.session.Snapshot;
import dev.airlock.workflows.session.TransferResult;
import dev.airlock.workflows.session.TransferResult.Transferred;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One value of every type that travels for interactive sandboxes. */
final class SessionSamples {
    private static final SandboxId ID = Names.interactive("inst", "airlock:cli", "1");
    private static final Digest DIGEST = new Digest("sha256:" + "a1".repeat(32));
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Principal ANN = new Principal("user:ann");
    private static final SessionRequest.Room ROOM =
            new SessionRequest.Room("base", CommandSpec.Limits.DEFAULT, "docker", "runsc");
    private static final Held HELD = new Held(
            2,
            new SandboxPlace("host-a", "airlock-x"),
            new EngineIdentity("docker", "runc", "hardened"),
            "sha256:image");
    private static final Counters COUNTERS = new Counters(7, 2, 1, 2, "token.7");
    private static final Snapshot SNAPSHOT = new Snapshot(DIGEST, 3, 4096, 1, TIME);
    private static final CommandEnd END = new CommandEnd(0, null, DIGEST, 12, false);
    private static final Transferred FILES = new Transferred(DIGEST, 3, 4096, 1);
    private static final Refused REFUSED = new Refused(SessionRefusal.UNAVAILABLE, "the host did not come back");
    private static final Restored RESTORED = new Restored(2, Restored.Reason.IDLE, SNAPSHOT);
    private static final AuditHead HEAD = new AuditHead("incarnation", 12, DIGEST, 3, 345);
    private static final Call.Exec EXEC = new Call.Exec(
            "c-7",
            ANN,
            List.of("make", "test"),
            "src",
            Duration.ofMinutes(1),
            new Call.Environment(List.of("TOKEN"), "c2VhbGVk"));

    private SessionSamples() {}

    static void addTo(Map<String, Object> samples) {
        samples.put("SandboxId", ID);
        requests(samples);
        answers(samples);
        activities(samples);
    }

    private static void requests(Map<String, Object> samples) {
        ExecResult exec = new ExecResult(7, END, null, RESTORED);
        samples.put(
                "SessionRequest",
                new SessionRequest(
                        "inst",
                        new SessionRequest.Origin("airlock:cli", "1", ANN, null),
                        ROOM,
                        SessionRequest.Timing.DEFAULT,
                        new SessionRequest.Carried(
                                TIME,
                                TIME,
                                true,
                                COUNTERS,
                                HELD,
                                SNAPSHOT,
                                List.of(new Answered("c-7", exec, null)),
                                HEAD)));
        samples.put("Call.Exec", EXEC);
        samples.put("Call.Put", new Call.Put("p", ANN, DIGEST, "in"));
        samples.put("Call.Get", new Call.Get("g", ANN, "out"));
        samples.put("Call.Extend", new Call.Extend("e", ANN));
        samples.put("Call.Stop", new Call.Stop("s", ANN, "done"));
        samples.put("Call.Kill", new Call.Kill("k", ANN, "c-7"));
        samples.put(
                "EmitRequest.continued",
                new EmitRequest(
                        "inst",
                        ID.owner(),
                        HEAD,
                        List.of(new AuditEntry("sandbox.warned", TIME, Map.of("expires", TIME.toString()))),
                        new Origin("execution", TIME, "incarnation")));
    }

    private static void answers(Map<String, Object> samples) {
        samples.put("ExecResult", new ExecResult(7, END, null, RESTORED));
        samples.put("ExecResult.refused", new ExecResult(8, null, REFUSED, null));
        samples.put("TransferResult", new TransferResult(FILES, null, null));
        samples.put(
                "SessionView",
                new SessionView(
                        SessionState.ENDED, TIME, HELD, COUNTERS, SNAPSHOT, SessionOutcome.FAILED, REFUSED, HEAD));
        samples.put("SessionMemo", new SessionMemo(TIME, HELD.engine(), "airlock-x"));
    }

    private static void activities(Map<String, Object> samples) {
        Lodging lodging = new Lodging("inst", new StepAttempt(ID.owner(), "sandbox", 2), ROOM, TIME);
        samples.put("OpenRequest", new OpenRequest(lodging, DIGEST));
        samples.put("ExecRequest", new ExecRequest(lodging, "sha256:image", 7, "token.7", "token.6", EXEC));
        samples.put("PutRequest", new PutRequest(lodging, "sha256:image", DIGEST, "in"));
        samples.put("GetRequest", new GetRequest(lodging, "sha256:image", "", true));
        samples.put("ExecOutcome.Ended", new ExecOutcome.Ended(DIGEST, END, false));
        samples.put(
                "ExecOutcome.limit",
                new ExecOutcome.Ended(DIGEST, new CommandEnd(null, Limit.MEMORY, DIGEST, 3, true), true));
        samples.put("ExecOutcome.Gone", new ExecOutcome.Gone(true, "docker restarted"));
        samples.put("TransferOutcome.Done", new TransferOutcome.Done(FILES));
        samples.put("TransferOutcome.Absent", new TransferOutcome.Absent("there is no x"));
        samples.put("TransferOutcome.Gone", new TransferOutcome.Gone("docker restarted"));
    }
}
