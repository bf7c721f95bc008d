package dev.airlock.starter.run;

import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.StepView;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.promote.PromoteActivities.PrepareResult;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.validate.ValidateActivities.ValidateResult;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Step attempts as a history's activities tell them: each carries {@code step/attempt} as its summary. */
final class HistorySteps {
    private static final Pattern LABEL = Pattern.compile("(.+)/([1-9][0-9]{0,8})");

    private record Asked(String label, String activity) {}

    private final TemporalRuns runs;
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Map<String, StepView> views = new LinkedHashMap<>();

    HistorySteps(TemporalRuns runs) {
        this.runs = runs;
    }

    List<StepView> views() {
        return new ArrayList<>(views.values());
    }

    void scheduled(HistoryEvent event) {
        String activity = event.getActivityTaskScheduledEventAttributes()
                .getActivityType()
                .getName();
        String label = runs.text(event.getUserMetadata().getSummary());
        asked.put(event.getEventId(), new Asked(label, activity));
        Matcher form = LABEL.matcher(label);
        if (form.matches()) {
            int attempt = Integer.parseInt(form.group(2));
            views.putIfAbsent(
                    label,
                    new StepView(form.group(1), attempt, StepState.RUNNING, null, null, null, time(event), null));
        }
    }

    /** A check that was made in a workflow task. */
    void checked(String label, Payloads result, Instant at) {
        Matcher form = LABEL.matcher(label);
        if (form.matches()) {
            int attempt = Integer.parseInt(form.group(2));
            views.putIfAbsent(
                    label, new StepView(form.group(1), attempt, StepState.RUNNING, null, null, null, at, null));
            validated(label, runs.decode(result, ValidateResult.class), at);
        }
    }

    /** @return the activity's answer, when it is one that means something here */
    @Nullable
    Object completed(long scheduled, Payloads result, Instant at) {
        Asked question = asked.get(scheduled);
        if (question == null) {
            return null;
        }
        return switch (plain(question.activity())) {
            case "sandbox_run" -> sandbox(question.label(), runs.decode(result, SandboxResult.class), at);
            case "validate_check" -> validated(question.label(), runs.decode(result, ValidateResult.class), at);
            case "promote_prepare" -> prepared(question.label(), runs.decode(result, PrepareResult.class), at);
            case "promote_move" -> moved(question.label(), runs.decode(result, MoveResult.class), at);
            case "audit_emit" -> runs.decode(result, AuditHead.class);
            default -> null;
        };
    }

    /** Temporal writes the method's first letter large. */
    static String plain(String activity) {
        return activity.toLowerCase(Locale.ROOT);
    }

    private @Nullable Object sandbox(String label, @Nullable SandboxResult result, Instant at) {
        switch (result) {
            case SandboxResult.Ended ended -> {
                CommandReport command = ended.command();
                done(label, command.passed() ? Verdict.PASSED : Verdict.RED, command, null, at);
            }
            case SandboxResult.Died died -> done(label, Verdict.LOST, null, died.detail(), at);
            case SandboxResult.Lost lost -> done(label, Verdict.LOST, null, lost.detail(), at);
            case null -> {
                return null;
            }
        }
        return result;
    }

    private @Nullable Object validated(String label, @Nullable ValidateResult result, Instant at) {
        if (result != null) {
            done(label, result.blocking() == 0 ? Verdict.PASSED : Verdict.RED, null, null, at);
        }
        return result;
    }

    private @Nullable Object prepared(String label, @Nullable PrepareResult result, Instant at) {
        switch (result) {
            case PrepareResult.BaseMoved moved -> done(label, Verdict.RED, null, moved.detail(), at);
            case PrepareResult.TreeMismatch other -> done(label, Verdict.RED, null, other.detail(), at);
            case PrepareResult.Prepared ready -> {}
            case null -> {}
        }
        return result;
    }

    private @Nullable Object moved(String label, @Nullable MoveResult result, Instant at) {
        switch (result) {
            case MoveResult.Moved moved -> done(label, Verdict.PASSED, null, null, at);
            case MoveResult.BaseMoved other -> done(label, Verdict.RED, null, other.detail(), at);
            case null -> {}
        }
        return result;
    }

    private void done(
            String label, Verdict verdict, @Nullable CommandReport command, @Nullable String note, Instant at) {
        views.computeIfPresent(
                label,
                (key, step) -> new StepView(
                        step.id(), step.attempt(), StepState.DONE, verdict, command, note, step.started(), at));
    }

    static Instant time(HistoryEvent event) {
        return TemporalRuns.instant(event.getEventTime());
    }
}
