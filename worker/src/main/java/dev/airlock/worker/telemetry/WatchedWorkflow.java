package dev.airlock.worker.telemetry;

import dev.airlock.platform.logging.LogFields;
import dev.airlock.platform.telemetry.RunTrace;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.id.RunId;
import io.temporal.common.interceptors.Header;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.workflow.UpdateInfo;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One run in this worker's memory. What it does is seen by what it puts on the audit trail. */
final class WatchedWorkflow extends WorkflowInboundCallsInterceptorBase {
    private final Telemetry telemetry;
    private final ToldBefore told;
    private @Nullable RunTrace trace;
    private @Nullable RunProgress progress;

    WatchedWorkflow(WorkflowInboundCallsInterceptor next, Telemetry telemetry, ToldBefore told) {
        super(next);
        this.telemetry = telemetry;
        this.told = told;
    }

    @Override
    public void init(WorkflowOutboundCallsInterceptor outbound) {
        super.init(new Calls(outbound));
    }

    @Override
    public WorkflowOutput execute(WorkflowInput input) {
        Object[] arguments = input.getArguments();
        if (arguments.length == 1 && arguments[0] instanceof ChangeRequest request) {
            watch(request);
        }
        return super.execute(input);
    }

    private void watch(ChangeRequest request) {
        WorkflowInfo info = Workflow.getInfo();
        RunTrace found = telemetry
                .tracing()
                .run(
                        new RunId(info.getWorkflowId()),
                        info.getRunId(),
                        request.origin().traceparent());
        trace = found;
        if (!telemetry.isOff()) {
            Instant began = Instant.ofEpochMilli(info.getRunStartedTimestampMillis());
            String run = info.getWorkflowId() + "/" + info.getRunId();
            progress = new RunProgress(telemetry.runs(), found, request, began, what -> told.add(run + "/" + what));
        }
    }

    /** One that a validator refuses never comes here. */
    @Override
    public UpdateOutput executeUpdate(UpdateInput input) {
        Instant began = now();
        UpdateOutput answered = super.executeUpdate(input);
        String id = Workflow.getCurrentUpdateInfo().map(UpdateInfo::getUpdateId).orElse("");
        if (trace != null && progress != null && !WorkflowUnsafe.isReplaying() && progress.isFirst("change/" + id)) {
            trace.change(id, action(input), TraceHeader.in(input.getHeader()), began, now());
        }
        return answered;
    }

    private static String action(UpdateInput input) {
        Object[] arguments = input.getArguments();
        return arguments.length == 1 && arguments[0] instanceof Decision decision
                ? switch (decision) {
                    case Decision.Approve approve -> "approve";
                    case Decision.Reject reject -> "reject";
                    case Decision.RequestChanges changes -> "request-changes";
                }
                : input.getUpdateName();
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    @Override
    public Object newWorkflowMethodThread(Runnable work, @Nullable String name) {
        return super.newWorkflowMethodThread(named(work), name);
    }

    @Override
    public Object newCallbackThread(Runnable work, @Nullable String name) {
        return super.newCallbackThread(named(work), name);
    }

    /** What the thread logs names the run. */
    private Runnable named(Runnable work) {
        return () -> {
            String traceId = trace == null ? "" : trace.traceId();
            LogFields.set(Workflow.getInfo().getWorkflowId(), null, 0, traceId);
            try {
                work.run();
            } finally {
                LogFields.clear();
            }
        };
    }

    private void look(Object[] arguments) {
        if (progress != null && arguments.length == 1 && arguments[0] instanceof EmitRequest emission) {
            progress.saw(emission.entries(), WorkflowUnsafe.isReplaying());
        }
    }

    private Header header(Header header, @Nullable String summary) {
        return trace == null ? header : TraceHeader.with(header, parent(trace, summary));
    }

    /** A summary is the label of a step's attempt, where the activity belongs to one. */
    private static @Nullable String parent(RunTrace trace, @Nullable String summary) {
        int slash = summary == null ? -1 : summary.lastIndexOf('/');
        if (summary == null || slash < 1 || !summary.substring(slash + 1).matches("[1-9][0-9]{0,8}")) {
            return trace.traceparent();
        }
        return trace.traceparent(summary.substring(0, slash), Integer.parseInt(summary.substring(slash + 1)));
    }

    /** What the workflow asks for. */
    private final class Calls extends WorkflowOutboundCallsInterceptorBase {
        private Calls(WorkflowOutboundCallsInterceptor next) {
            super(next);
        }

        @Override
        public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
            look(input.getArgs());
            return super.executeActivity(new ActivityInput<>(
                    input.getActivityName(),
                    input.getResultClass(),
                    input.getResultType(),
                    input.getArgs(),
                    input.getOptions(),
                    header(input.getHeader(), input.getOptions().getSummary())));
        }

        @Override
        public <R> LocalActivityOutput<R> executeLocalActivity(LocalActivityInput<R> input) {
            look(input.getArgs());
            return super.executeLocalActivity(new LocalActivityInput<>(
                    input.getActivityName(),
                    input.getResultClass(),
                    input.getResultType(),
                    input.getArgs(),
                    input.getOptions(),
                    header(input.getHeader(), input.getOptions().getSummary())));
        }

        @Override
        public Object newChildThread(Runnable work, boolean detached, @Nullable String name) {
            return super.newChildThread(named(work), detached, name);
        }
    }
}
