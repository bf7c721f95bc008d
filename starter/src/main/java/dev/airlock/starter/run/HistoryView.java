package dev.airlock.starter.run;

import dev.airlock.starter.temporal.RunInfo;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.change.ChangeView;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.StepView;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workflows.promote.PromoteActivities.MoveResult;
import dev.airlock.workflows.review.ReviewActivities.SealResult;
import dev.airlock.workflows.sandbox.SandboxResult;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.ActivityTaskCompletedEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run's history shows of it when no worker is there to tell: what activities were asked and what they answered. */
final class HistoryView {
    private final TemporalRuns runs;
    private final HistorySteps steps;
    private @Nullable Checkpoint candidate;
    private @Nullable Digest evidence;
    private @Nullable CommitId promoted;
    private @Nullable AuditHead audit;
    private @Nullable String endedBecause;
    private @Nullable Instant opened;
    private int reviews;

    private HistoryView(TemporalRuns runs, ChangeRequest request) {
        this.runs = runs;
        this.steps = new HistorySteps(runs);
        if (request.fork() != null) {
            candidate =
                    new Checkpoint(request.fork().checkpoint(), request.fork().tree());
        } else if (request.source() instanceof ChangeSource.Candidate pushed) {
            candidate = new Checkpoint(pushed.commit(), pushed.tree());
        }
    }

    static ChangeView of(List<HistoryEvent> events, RunInfo info, ChangeRequest request, TemporalRuns runs) {
        HistoryView view = new HistoryView(runs, request);
        events.forEach(view::take);
        RunState state = States.of(info);
        String outcome = States.outcome(info);
        return new ChangeView(
                state,
                outcome == null ? null : Outcome.valueOf(outcome),
                view.endedBecause,
                view.candidate,
                view.evidence,
                view.promoted,
                view.unfinished(request, state),
                view.audit);
    }

    private void take(HistoryEvent event) {
        switch (event.getEventType()) {
            case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> steps.scheduled(event);
            case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> completed(event);
            case EVENT_TYPE_MARKER_RECORDED -> marker(event, event.getMarkerRecordedEventAttributes());
            case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED ->
                endedBecause = "terminated in Temporal: "
                        + event.getWorkflowExecutionTerminatedEventAttributes().getReason();
            case EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED -> endedBecause = "cancelled in Temporal";
            case EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT -> endedBecause = "timed out in Temporal";
            case EVENT_TYPE_WORKFLOW_EXECUTION_FAILED ->
                endedBecause = "failed in Temporal: "
                        + event.getWorkflowExecutionFailedEventAttributes()
                                .getFailure()
                                .getMessage();
            default -> {
                // All else says nothing that status shows.
            }
        }
    }

    private void completed(HistoryEvent event) {
        ActivityTaskCompletedEventAttributes done = event.getActivityTaskCompletedEventAttributes();
        Instant at = HistorySteps.time(event);
        Object answer = steps.completed(done.getScheduledEventId(), done.getResult(), at);
        if (answer instanceof SandboxResult.Ended ended && ended.content() != null) {
            candidate = ended.content();
            evidence = null;
        }
        if (answer instanceof MoveResult.Moved moved) {
            promoted = moved.commit();
        }
        if (answer instanceof AuditHead head) {
            audit = head;
        }
    }

    private void marker(HistoryEvent event, MarkerRecordedEventAttributes marker) {
        Instant at = HistorySteps.time(event);
        Payloads type = marker.getDetailsMap().get("type");
        Payloads result = marker.getDetailsMap().get("result");
        if (!marker.getMarkerName().equals("LocalActivity") || type == null || result == null) {
            return;
        }
        String activity = HistorySteps.plain(String.valueOf(runs.decode(type, String.class)));
        if (activity.equals("review_seal")) {
            SealResult sealed = runs.decode(result, SealResult.class);
            evidence = sealed == null ? evidence : sealed.evidence();
            reviews++;
            opened = at;
        }
        if (activity.equals("validate_check")) {
            steps.checked(runs.text(event.getUserMetadata().getSummary()), result, at);
        }
        if (activity.equals("audit_emit")) {
            audit = runs.decode(result, AuditHead.class);
        }
    }

    private List<StepView> unfinished(ChangeRequest request, RunState state) {
        List<StepView> shown = new ArrayList<>(steps.views());
        if (state == RunState.WAITING_REVIEW) {
            waiting(request).ifPresent(shown::add);
        }
        // An open run that needs attention does so for its last step.
        if (state == RunState.NEEDS_ATTENTION && !shown.isEmpty()) {
            shown.add(needingAttention(shown.removeLast()));
        }
        return shown;
    }

    /** A review leaves nothing but its seal in history, which does not name the step: so only a pipeline's single one is known. */
    private Optional<StepView> waiting(ChangeRequest request) {
        List<Step> able = request.definition().pipeline().steps().stream()
                .filter(step -> step.use() instanceof StepUse.Review)
                .toList();
        if (able.size() != 1 || opened == null) {
            return Optional.empty();
        }
        return Optional.of(
                new StepView(able.getFirst().id(), reviews, StepState.WAITING, null, null, null, opened, null));
    }

    private static StepView needingAttention(StepView last) {
        return new StepView(
                last.id(),
                last.attempt(),
                StepState.NEEDS_ATTENTION,
                last.verdict(),
                last.command(),
                last.note(),
                last.started(),
                last.ended());
    }
}
