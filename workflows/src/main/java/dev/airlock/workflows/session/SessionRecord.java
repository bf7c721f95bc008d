package dev.airlock.workflows.session;

import dev.airlock.workflows.change.AuditPump;
import dev.airlock.workflows.change.SearchAttributeKeys;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.ExecRequest;
import dev.airlock.workflows.session.SessionActivities.Lodging;
import dev.airlock.workflows.session.SessionRequest.Carried;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a sandbox's workflow knows of it. Every change that others should learn of is put on the audit trail here. */
final class SessionRecord {
    /** Calls that are answered again when they are repeated; an answer takes half a kilobyte at most. */
    private static final int REMEMBERED = 32;

    private final SandboxId id;
    private final SessionRequest request;
    private final AuditPump audit;
    private final SessionClock clock;
    private final Instant started;
    private final Map<String, Answered> answered = new LinkedHashMap<>();
    private SessionState state = SessionState.STARTING;
    private Counters counters = Counters.NONE;
    private Restored.Reason gone = Restored.Reason.IDLE;
    private @Nullable Held held;
    private @Nullable EngineIdentity engine;
    private @Nullable Snapshot snapshot;
    private @Nullable SessionOutcome outcome;
    private @Nullable Refused refused;
    private int callsHere;

    SessionRecord(SandboxId id, SessionRequest request, AuditPump audit, SessionClock clock) {
        this.id = id;
        this.request = request;
        this.audit = audit;
        this.clock = clock;
        Carried carried = request.carried();
        this.started = carried == null ? SessionClock.now() : carried.started();
        if (carried != null) {
            counters = carried.counters();
            held = carried.held();
            engine = held == null ? null : held.engine();
            snapshot = carried.snapshot();
            carried.answered().forEach(call -> answered.put(call.id(), call));
            state = held == null ? SessionState.SNAPSHOT : SessionState.READY;
        }
    }

    SessionState state() {
        return state;
    }

    @Nullable
    Held held() {
        return held;
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    /** Shows what was carried over, which an execution does not inherit. */
    void resume() {
        publish(state);
        memo();
    }

    // ---- calls

    @Nullable
    Answered answered(String call) {
        return answered.get(call);
    }

    void answer(Answered call) {
        answered.put(call.id(), call);
        if (answered.size() > REMEMBERED) {
            answered.remove(answered.keySet().iterator().next());
        }
    }

    boolean isFull() {
        return callsHere >= request.timing().commands() || Workflow.getInfo().isContinueAsNewSuggested();
    }

    void busy() {
        callsHere++;
        state = SessionState.BUSY;
    }

    void calm() {
        if (state == SessionState.BUSY) {
            state = held == null ? SessionState.SNAPSHOT : SessionState.READY;
        }
    }

    /** The next command, in the container that there is. */
    ExecRequest command(Held at, Call.Exec call) {
        String previous = counters.token();
        long number = counters.commands() + 1;
        StepAttempt where = attempt(at.incarnation());
        String token = Names.numbered(request.installation(), where, number, call.id());
        counters = counters.command(token);
        return new ExecRequest(lodging(at.incarnation()), at.image(), number, token, previous, call);
    }

    // ---- containers

    int nextIncarnation() {
        counters = counters.incarnation();
        return counters.incarnations();
    }

    Lodging lodging(int incarnation) {
        return new Lodging(
                request.installation(),
                attempt(incarnation),
                request.room(),
                started.plus(request.timing().longest()));
    }

    private StepAttempt attempt(int incarnation) {
        return new StepAttempt(id.owner(), "sandbox", incarnation);
    }

    void opened(Held container) {
        held = container;
        engine = container.engine();
        publish(SessionState.READY);
        memo();
    }

    void started(Held container) {
        SessionRequest.Origin origin = request.origin();
        Map<String, Object> data = describe(container);
        data.put("author", origin.author().value());
        data.put("requestSource", origin.requestSource());
        data.put("requestId", origin.requestId());
        data.put("expires", clock.expires().toString());
        audit.record("sandbox.started", data);
    }

    Restored restored(Held container) {
        Map<String, Object> data = describe(container);
        data.put("reason", gone.name());
        if (snapshot != null) {
            data.put("snapshot", snapshot.manifest().value());
        }
        audit.record("sandbox.restored", data);
        return new Restored(container.incarnation(), gone, snapshot);
    }

    private static Map<String, Object> describe(Held container) {
        return new TreeMap<>(Map.of(
                "incarnation", container.incarnation(),
                "image", container.image(),
                "engine", container.engine().name(),
                "runtime", container.engine().runtime(),
                "tier", container.engine().tier()));
    }

    void lost() {
        held = null;
        gone = Restored.Reason.LOST;
        memo();
    }

    void snapshotted(Snapshot taken) {
        snapshot = taken;
        audit.record(
                "sandbox.snapshotted",
                Map.of(
                        "snapshot", taken.manifest().value(),
                        "files", taken.files(),
                        "bytes", taken.bytes(),
                        "refused", taken.refused()));
    }

    void released() {
        held = null;
        gone = Restored.Reason.IDLE;
        publish(SessionState.SNAPSHOT);
        memo();
    }

    // ---- what happened

    void executed(ExecRequest command, ExecOutcome.Ended ended) {
        Map<String, Object> data = commandData(command);
        data.put("digest", ended.command().value());
        putIfKnown(data, "exitCode", ended.end().exitCode());
        putIfKnown(data, "limit", ended.end().limit());
        putIfKnown(data, "output", ended.end().output());
        data.put("bytes", ended.end().bytes());
        audit.record("sandbox.executed", data);
    }

    /** A command of which nobody knows how it ended. */
    void executed(ExecRequest command) {
        Map<String, Object> data = commandData(command);
        data.put("lost", true);
        audit.record("sandbox.executed", data);
    }

    private static Map<String, Object> commandData(ExecRequest command) {
        Map<String, Object> data = new TreeMap<>();
        data.put("command", command.number());
        data.put("by", command.call().by().value());
        data.put("incarnation", command.lodging().at().attempt());
        return data;
    }

    void transferred(String direction, Call call, TransferResult.Transferred files) {
        counters = counters.transfer();
        audit.record(
                "sandbox.transferred",
                Map.of(
                        "direction", direction,
                        "by", call.by().value(),
                        "manifest", files.manifest().value(),
                        "files", files.files(),
                        "bytes", files.bytes(),
                        "refused", files.refused()));
    }

    void warned() {
        audit.record("sandbox.warned", Map.of("expires", clock.expires().toString()));
    }

    boolean mayExtend() {
        return counters.extensions() < request.timing().extensions();
    }

    void extended(Call.Extend call) {
        counters = counters.extension();
        memo();
        audit.record(
                "sandbox.extended",
                Map.of("by", call.by().value(), "expires", clock.expires().toString()));
    }

    void ended(SessionEnd end) {
        outcome = end.outcome();
        refused = end.refused();
        held = null;
        state = SessionState.ENDED;
        Workflow.upsertTypedSearchAttributes(
                SearchAttributeKeys.STATE.valueSet(state.name()),
                SearchAttributeKeys.OUTCOME.valueSet(end.outcome().name()));
        memo();
        audit.record(
                "sandbox.ended",
                Map.of(
                        "outcome", end.outcome().name(),
                        "reason", end.reason(),
                        "commands", counters.commands(),
                        "transfers", counters.transfers()));
    }

    SessionView view() {
        return new SessionView(state, clock.expires(), held, counters, snapshot, outcome, refused, audit.head());
    }

    Carried carry() {
        if (audit.head() == null) {
            throw new IllegalStateException("nothing of " + id + " is on the audit trail yet");
        }
        List<Answered> newest = new ArrayList<>(answered.values());
        return new Carried(started, clock.expires(), clock.warned(), counters, held, snapshot, newest, audit.head());
    }

    /** BUSY is not published: that would cost two events a command. */
    private void publish(SessionState next) {
        if (state != SessionState.BUSY) {
            state = next;
        }
        Workflow.upsertTypedSearchAttributes(SearchAttributeKeys.STATE.valueSet(next.name()));
    }

    private void memo() {
        Workflow.upsertMemo(Map.of(
                SessionMemo.KEY,
                new SessionMemo(
                        clock.expires(),
                        engine,
                        held == null ? null : held.place().container())));
    }

    private static void putIfKnown(Map<String, Object> data, String key, @Nullable Object value) {
        if (value != null) {
            data.put(key, value instanceof Integer ? value : value.toString());
        }
    }
}
