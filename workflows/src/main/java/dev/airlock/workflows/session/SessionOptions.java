package dev.airlock.workflows.session;

import dev.airlock.workflows.change.TaskQueues;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Every time-out and retry policy of an interactive sandbox's activities. */
final class SessionOptions {
    /** How long a sandbox may wait for a worker that makes it. */
    static final Duration START_GRACE = Duration.ofMinutes(1);

    /** How long a host may stay away before its container counts as lost. */
    static final Duration HOST_GRACE = Duration.ofMinutes(2);

    /** For all that is not the command: files in and out, a worker that comes back. */
    private static final Duration AROUND = Duration.ofMinutes(15);

    /** Whoever stops a sandbox waits for it; what its host does not do now is done by the host's sweep. */
    private static final Duration RELEASE = Duration.ofSeconds(20);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final RetryOptions ONCE =
            RetryOptions.newBuilder().setMaximumAttempts(1).build();

    private SessionOptions() {}

    /** On whichever host has room. */
    static SessionActivities anywhere(String summary) {
        return stub(options(TaskQueues.SANDBOX, AROUND, summary).setScheduleToStartTimeout(START_GRACE));
    }

    /** @param work how long what is asked for may take by itself */
    static SessionActivities on(String host, Duration work, String summary) {
        return stub(
                options(TaskQueues.sandboxOn(host), work.plus(AROUND), summary).setScheduleToStartTimeout(HOST_GRACE));
    }

    static SessionActivities release(String host) {
        return stub(options(TaskQueues.sandboxOn(host), RELEASE, "release").setScheduleToStartTimeout(RELEASE));
    }

    private static SessionActivities stub(ActivityOptions.Builder options) {
        return Workflow.newActivityStub(SessionActivities.class, options.build());
    }

    private static ActivityOptions.Builder options(String queue, Duration startToClose, String summary) {
        return ActivityOptions.newBuilder()
                .setTaskQueue(queue)
                .setStartToCloseTimeout(startToClose)
                .setHeartbeatTimeout(HEARTBEAT)
                .setRetryOptions(ONCE)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setSummary(summary);
    }
}
