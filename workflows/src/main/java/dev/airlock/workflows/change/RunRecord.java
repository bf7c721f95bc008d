package dev.airlock.workflows.change;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.EgressSummary;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a run knows of itself. Every change of it that others should learn of is recorded on the audit trail here. */
final class RunRecord {
    /** Keeps a view below the bound on payloads: an entry takes a kilobyte at most, its note included. */
    private static final int SHOWN_STEPS = 60;

    private final RunId run;
    private final ChangeRequest request;
    private final AuditPump audit;
    private final Map<String, Integer> attempts = new TreeMap<>();
    private final List<StepView> steps = new ArrayList<>();
    private final List<Evidence.Test> tests = new ArrayList<>();
    private RunState state = RunState.RUNNING;
    private RunState published = RunState.RUNNING;
    private @Nullable Outcome outcome;
    private @Nullable String reason;
    private @Nullable Checkpoint content;
    private @Nullable StepAttempt contentAt;
    private @Nullable Digest findings;
    private @Nullable Digest egress;
    private @Nullable Digest evidence;
    private @Nullable CommitId promoted;

    RunRecord(RunId run, ChangeRequest request, AuditPump audit) {
        this.run = run;
        this.request = request;
        this.audit = audit;
    }

    RunState state() {
        return state;
    }

    boolean hasContent() {
        return content != null;
    }

    Checkpoint content() {
        if (content == null) {
            throw new IllegalStateException("no step before this one made any content");
        }
        return content;
    }

    /** Whose ref holds the content. */
    StepAttempt contentAt() {
        if (contentAt == null) {
            throw new IllegalStateException("no step before this one made any content");
        }
        return contentAt;
    }

    /** New content voids everything that was known about the old. */
    void carry(Checkpoint next, StepAttempt at) {
        content = next;
        contentAt = at;
        findings = null;
        tests.clear();
        evidence = null;
    }

    void enter(RunState next) {
        state = next;
        if (published == next) {
            return;
        }
        published = next;
        Workflow.upsertTypedSearchAttributes(SearchAttributeKeys.STATE.valueSet(next.name()));
    }

    /** What the run waited for is there. Search shows it with the state of the step that follows, which saves an event. */
    void leaveWaiting() {
        state = RunState.RUNNING;
    }

    void waitsBecause(@Nullable String why) {
        reason = why;
    }

    StepAttempt begin(Step step, StepState initially) {
        int attempt = attempts.merge(step.id(), 1, Integer::sum);
        steps.add(new StepView(step.id(), attempt, initially, null, null, null, now(), null));
        audit.record("step.started", Map.of("step", step.id(), "attempt", attempt));
        return new StepAttempt(run, step.id(), attempt);
    }

    StepAttempt attempt(String step, int number) {
        return new StepAttempt(run, step, number);
    }

    StepAttempt lastAttempt(Step step) {
        return attempt(step.id(), Objects.requireNonNull(attempts.get(step.id()), step.id()));
    }

    void finish(StepAttempt at, Verdict verdict, @Nullable CommandReport command, @Nullable String note) {
        close(at, StepState.DONE, verdict, command, note);
        Map<String, Object> data = describe(at, note);
        data.put("verdict", verdict.name());
        if (command != null) {
            putIfKnown(data, "exitCode", command.exitCode());
            putIfKnown(data, "limit", command.limit());
            putIfKnown(data, "report", command.report());
            putIfKnown(data, "artifacts", command.artifacts());
            data.put("image", command.image());
            data.put("engine", command.engine().name());
            data.put("tier", command.engine().tier());
            asked(command.egress(), data);
        }
        finish(verdict, data);
    }

    /** @param told what the audit trail is to say besides */
    void finish(StepAttempt at, Verdict verdict, String note, Map<String, Object> told) {
        close(at, StepState.DONE, verdict, null, note);
        Map<String, Object> data = describe(at, note);
        data.put("verdict", verdict.name());
        data.putAll(told);
        finish(verdict, data);
    }

    /** The infrastructure lost the attempt, or it died without a verdict; what it asked for before is evidence all the same. */
    void lost(StepAttempt at, String why, @Nullable EgressSummary network) {
        Map<String, Object> told = new TreeMap<>();
        asked(network, told);
        finish(at, Verdict.LOST, why, told);
    }

    private void finish(Verdict verdict, Map<String, Object> data) {
        if (content != null && verdict == Verdict.PASSED) {
            data.put("tree", content.tree().value());
        }
        audit.record(verdict == Verdict.LOST ? "step.lost" : "step.completed", data);
    }

    private void asked(@Nullable EgressSummary network, Map<String, Object> data) {
        if (network != null) {
            egress = network.log();
            data.put("egress", network.log().value());
            data.put("egressAllowed", network.allowed());
            data.put("egressBlocked", network.blocked());
        }
    }

    /** What the run's commands asked for on the network so far. */
    @Nullable
    Digest egress() {
        return egress;
    }

    void needsAttention(StepAttempt at, String why) {
        close(at, StepState.NEEDS_ATTENTION, null, null, why);
        audit.record("run.attention", describe(at, why));
    }

    void found(Digest validated) {
        findings = validated;
    }

    void tested(StepAttempt at, CommandReport command) {
        if (command.exitCode() == null || command.report() == null) {
            throw new IllegalStateException("a passed command has an exit code and a report: " + at.label());
        }
        tests.add(Evidence.Test.of(
                at.step(), at.attempt(), command.exitCode(), command.report(), command.image(), command.engine()));
    }

    Evidence draftEvidence() {
        ChangeRequest.Target target = request.target();
        ChangeRequest.Definition definition = request.definition();
        return new Evidence(
                Evidence.SCHEMA,
                run,
                target.workspace(),
                target.branch(),
                target.base(),
                content().commit(),
                content().tree(),
                null,
                definition.digest(),
                definition.policy(),
                findings,
                tests,
                egress);
    }

    void opened(Digest sealed) {
        evidence = sealed;
    }

    @Nullable
    Digest evidence() {
        return evidence;
    }

    void end(Ending ending) {
        outcome = ending.outcome();
        reason = ending.reason();
        promoted = ending.promoted();
        state = RunState.ENDED;
        for (StepView step : List.copyOf(steps)) {
            if (step.state() != StepState.DONE) {
                close(new StepAttempt(run, step.id(), step.attempt()), StepState.DONE, null, step.command(), reason);
            }
        }
        Workflow.upsertTypedSearchAttributes(
                SearchAttributeKeys.STATE.valueSet(state.name()),
                SearchAttributeKeys.OUTCOME.valueSet(ending.outcome().name()));
        Map<String, Object> data = new TreeMap<>();
        data.put("outcome", ending.outcome().name());
        data.put("reason", ending.reason());
        putIfKnown(data, "promoted", promoted);
        putIfKnown(data, "evidence", evidence);
        audit.record("run.ended", data);
    }

    ChangeView view() {
        List<StepView> shown = steps.subList(Math.max(0, steps.size() - SHOWN_STEPS), steps.size());
        return new ChangeView(state, outcome, reason, content, evidence, promoted, shown, audit.head());
    }

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    static void putIfKnown(Map<String, Object> data, String key, @Nullable Object value) {
        if (value != null) {
            data.put(key, value instanceof Integer ? value : value.toString());
        }
    }

    private Map<String, Object> describe(StepAttempt at, @Nullable String note) {
        Map<String, Object> data = new TreeMap<>(Map.of("step", at.step(), "attempt", at.attempt()));
        putIfKnown(data, "note", Lines.shorten(note));
        return data;
    }

    private void close(
            StepAttempt at,
            StepState end,
            @Nullable Verdict verdict,
            @Nullable CommandReport command,
            @Nullable String note) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            StepView open = steps.get(i);
            if (open.id().equals(at.step()) && open.attempt() == at.attempt()) {
                steps.set(
                        i,
                        new StepView(
                                at.step(),
                                at.attempt(),
                                end,
                                verdict,
                                command,
                                Lines.shorten(note),
                                open.started(),
                                now()));
                return;
            }
        }
    }
}
