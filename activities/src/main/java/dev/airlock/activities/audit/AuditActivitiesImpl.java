package dev.airlock.activities.audit;

import dev.airlock.evidence.audit.AuditEventTooLargeException;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Emits by a {@link KafkaAuditLog}. As a local activity it gives up in time for the caller to fall back to a regular one,
 * which waits longer and heartbeats.
 */
public final class AuditActivitiesImpl implements AuditActivities {
    private static final Duration LOCAL_PATIENCE = Duration.ofMillis(1500);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaAuditLog log;

    public AuditActivitiesImpl(KafkaAuditLog log) {
        this.log = log;
    }

    @Override
    public AuditHead emit(EmitRequest request) {
        ActivityExecutionContext context = Activity.getExecutionContext();
        ActivityInfo info = context.getInfo();
        String execution = info.getWorkflowRunId();
        if (execution == null) {
            throw Failures.of(FailureType.INTERNAL, "audit events of " + request.run() + " have no workflow", null);
        }
        String incarnation =
                request.origin() == null ? execution : request.origin().incarnationOf(execution);
        Failpoints.hit("audit.before-send");
        AuditHead head = append(
                request,
                () -> info.isLocal()
                        ? log.appendAtOnce(request, incarnation, LOCAL_PATIENCE)
                        : log.append(request, incarnation, PATIENCE, () -> context.heartbeat(null)));
        Failpoints.hit("audit.sent");
        return head;
    }

    private static AuditHead append(EmitRequest request, Supplier<AuditHead> write) {
        try {
            return write.get();
        } catch (PlatformException e) {
            throw Failures.of(
                    FailureType.UNAVAILABLE,
                    request.entries().size() + " audit events of " + request.run() + " are not written yet: "
                            + e.getMessage() + "; they are sent again until it does",
                    e);
        } catch (AuditEventTooLargeException e) {
            throw Failures.of(FailureType.TOO_LARGE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw Failures.of(FailureType.INTERNAL, String.valueOf(e.getMessage()), e);
        }
    }
}
