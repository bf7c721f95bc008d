package dev.airlock.worker.telemetry;

import dev.airlock.platform.logging.LogFields;
import dev.airlock.platform.telemetry.AuditMetrics;
import dev.airlock.platform.telemetry.Names.Attribute;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.WorkSpan;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.event.EventActivities.SendRequest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.validate.ValidateActivities.ValidateRequest;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One try of an activity: a span, the names in its log lines, and what it counts. */
final class WatchedActivity extends ActivityInboundCallsInterceptorBase {
    private final Telemetry telemetry;
    private @Nullable ActivityExecutionContext context;

    WatchedActivity(ActivityInboundCallsInterceptor next, Telemetry telemetry) {
        super(next);
        this.telemetry = telemetry;
    }

    @Override
    public void init(ActivityExecutionContext given) {
        context = given;
        super.init(given);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
        ActivityInfo info = Objects.requireNonNull(context, "init comes first").getInfo();
        String run = String.valueOf(info.getWorkflowId());
        StepAttempt at = attempt(input.getArguments());
        try (WorkSpan span = telemetry.tracing().activity(info.getActivityType(), TraceHeader.in(input.getHeader()))) {
            LogFields.set(run, at == null ? null : at.step(), at == null ? 0 : at.attempt(), span.traceId());
            describe(span, run, at);
            return counted(input, span);
        } finally {
            LogFields.clear();
        }
    }

    private static void describe(WorkSpan span, String run, @Nullable StepAttempt at) {
        span.set(Attribute.RUN, run);
        if (at != null) {
            span.set(Attribute.STEP, at.step()).set(Attribute.ATTEMPT, at.attempt());
        }
    }

    private ActivityOutput counted(ActivityInput input, WorkSpan span) {
        EmitRequest emission = emission(input.getArguments());
        AuditMetrics audit = telemetry.audit();
        List<Instant> times = emission == null || telemetry.isOff()
                ? List.of()
                : emission.entries().stream().map(AuditEntry::time).toList();
        try {
            if (emission != null) {
                audit.tried(emission.run(), times);
            }
            ActivityOutput output = super.execute(input);
            if (emission != null) {
                audit.acknowledged(emission.run(), times);
                span.set(Attribute.EVENTS, times.size());
            }
            return output;
        } catch (RuntimeException e) {
            span.failed(cause(e));
            if (emission != null) {
                audit.failed(cause(e));
            }
            throw e;
        }
    }

    /** Failures of ours name their code; whatever else there is tells its class, never its message. */
    private static String cause(RuntimeException failure) {
        if (failure instanceof ApplicationFailure application) {
            return application.getType();
        }
        return failure instanceof ActivityCompletionException
                ? "STOPPED"
                : failure.getClass().getName();
    }

    private static @Nullable EmitRequest emission(Object[] arguments) {
        return arguments.length == 1 && arguments[0] instanceof EmitRequest emission ? emission : null;
    }

    /** Which attempt the activity works for, where its input says so. */
    private static @Nullable StepAttempt attempt(Object[] arguments) {
        if (arguments.length != 1) {
            return null;
        }
        return switch (arguments[0]) {
            case SandboxJob job -> job.at();
            case ValidateRequest request -> request.at();
            case SendRequest request -> request.at();
            case null, default -> null;
        };
    }
}
