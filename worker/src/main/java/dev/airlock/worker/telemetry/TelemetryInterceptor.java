package dev.airlock.worker.telemetry;

import dev.airlock.platform.telemetry.Telemetry;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;

/**
 * Watches workflows and activities from the outside. A run's trace is known to its workflow, from its input; an activity is
 * told its parent in a header, which costs some 100 bytes of history for each that is not local, and only in runs that have
 * a trace. Nothing here decides anything in a workflow, so that it can be changed, added or taken away while runs are open.
 */
public final class TelemetryInterceptor extends WorkerInterceptorBase {
    private final Telemetry telemetry;
    private final ToldBefore told = new ToldBefore();

    public TelemetryInterceptor(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
        return new WatchedWorkflow(next, telemetry, told);
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new WatchedActivity(next, telemetry);
    }
}
