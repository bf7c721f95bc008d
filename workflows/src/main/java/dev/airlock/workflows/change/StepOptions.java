package dev.airlock.workflows.change;

import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.event.EventActivities;
import dev.airlock.workflows.promote.PromoteActivities;
import dev.airlock.workflows.review.ReviewActivities;
import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.validate.ValidateActivities;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Every time-out and retry policy of a run's activities. A summary is what Temporal's UI and `status` show. */
final class StepOptions {
    /** A killed worker is noticed this long after its last heartbeat, which is sent every four fifths of it. */
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    /** How long a host may stay away before its sandbox counts as lost. */
    static final Duration HOST_GRACE = Duration.ofMinutes(2);

    /** For what is tried in a workflow task: shorter than such a task may take, since the run answers nobody meanwhile. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    /** Bounds an activity whose real bound is its own deadline (command time-out, run deadline). */
    private static final Duration LONGEST_STEP = Duration.ofDays(1);

    private static final RetryOptions PATIENT = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(1))
            .setMaximumInterval(Duration.ofSeconds(10))
            .setMaximumAttempts(6)
            .build();
    private static final RetryOptions ENDLESS =
            RetryOptions.newBuilder(PATIENT).setMaximumAttempts(0).build();
    private static final RetryOptions ONCE =
            RetryOptions.newBuilder().setMaximumAttempts(1).build();

    private StepOptions() {}

    static SandboxActivities sandbox(String summary) {
        return Workflow.newActivityStub(
                SandboxActivities.class,
                sandboxOptions(TaskQueues.SANDBOX, summary).build());
    }

    static SandboxActivities sandboxOn(String host, String summary) {
        return Workflow.newActivityStub(
                SandboxActivities.class,
                sandboxOptions(TaskQueues.sandboxOn(host), summary)
                        .setScheduleToStartTimeout(HOST_GRACE)
                        .build());
    }

    /** In the workflow task, if it is done soon. */
    static ValidateActivities validateAtOnce(String summary) {
        return Workflow.newLocalActivityStub(ValidateActivities.class, atOnce(summary));
    }

    static ValidateActivities validate(String summary) {
        return Workflow.newActivityStub(ValidateActivities.class, regular(Duration.ofMinutes(10), PATIENT, summary));
    }

    /** In the workflow task, if it is done soon. */
    static PromoteActivities prepareAtOnce(String summary) {
        return Workflow.newLocalActivityStub(PromoteActivities.class, atOnce(summary));
    }

    static PromoteActivities prepare(String summary) {
        return Workflow.newActivityStub(PromoteActivities.class, regular(Duration.ofMinutes(10), PATIENT, summary));
    }

    /** Past the point of no return there is nobody to ask: only an answer from git ends the retries. */
    static PromoteActivities move(String summary) {
        return Workflow.newActivityStub(PromoteActivities.class, regular(Duration.ofMinutes(1), ENDLESS, summary));
    }

    /** Local, hence short and never cancelled: what arrives meanwhile is answered right after. */
    static ReviewActivities review() {
        return Workflow.newLocalActivityStub(
                ReviewActivities.class,
                LocalActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(2))
                        .setScheduleToCloseTimeout(Duration.ofMinutes(5))
                        .setRetryOptions(PATIENT)
                        .setDoNotIncludeArgumentsIntoMarker(true)
                        .build());
    }

    /** In the workflow task, if it is done soon. */
    static EventActivities matchAtOnce(String summary) {
        return Workflow.newLocalActivityStub(EventActivities.class, atOnce(summary));
    }

    static EventActivities match(String summary) {
        return Workflow.newActivityStub(EventActivities.class, regular(Duration.ofMinutes(1), PATIENT, summary));
    }

    /** Gives up after some minutes of outage, and then somebody is asked. */
    static EventActivities send(String summary) {
        return Workflow.newActivityStub(EventActivities.class, regular(Duration.ofMinutes(1), PATIENT, summary));
    }

    static AuditActivities auditAtOnce() {
        return Workflow.newLocalActivityStub(
                AuditActivities.class,
                LocalActivityOptions.newBuilder()
                        .setScheduleToCloseTimeout(Duration.ofSeconds(2))
                        .setRetryOptions(ONCE)
                        .setDoNotIncludeArgumentsIntoMarker(true)
                        .build());
    }

    /** Waits out an outage of Kafka, however long. */
    static AuditActivities auditUntilDone() {
        return Workflow.newActivityStub(
                AuditActivities.class,
                ActivityOptions.newBuilder(regular(Duration.ofMinutes(1), ENDLESS, "audit"))
                        .setTaskQueue(TaskQueues.AUDIT)
                        .build());
    }

    private static LocalActivityOptions atOnce(String summary) {
        return LocalActivityOptions.newBuilder()
                .setScheduleToCloseTimeout(AT_ONCE)
                .setRetryOptions(ONCE)
                .setDoNotIncludeArgumentsIntoMarker(true)
                .setSummary(summary)
                .build();
    }

    private static ActivityOptions.Builder sandboxOptions(String queue, String summary) {
        return ActivityOptions.newBuilder()
                .setTaskQueue(queue)
                .setStartToCloseTimeout(LONGEST_STEP)
                .setHeartbeatTimeout(HEARTBEAT)
                .setRetryOptions(ONCE)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setSummary(summary);
    }

    private static ActivityOptions regular(Duration startToClose, RetryOptions retry, String summary) {
        return ActivityOptions.newBuilder()
                .setStartToCloseTimeout(startToClose)
                .setHeartbeatTimeout(HEARTBEAT)
                .setRetryOptions(retry)
                .setSummary(summary)
                .build();
    }
}
