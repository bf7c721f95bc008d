package dev.airlock.starter.audit;

import dev.airlock.evidence.audit.ServerTrail;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.decision.Decided;
import dev.airlock.starter.decision.Taken;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.OutputSink;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.Extend;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client whose refusals are on the audit trail before the caller learns of them. What it only asks is not. */
public final class AuditedAirlockClient implements AirlockClient {
    private final AirlockClient client;
    private final Refused refused;

    public AuditedAirlockClient(AirlockClient client, ServerTrail trail) {
        this.client = client;
        this.refused = new Refused(trail);
    }

    @Override
    public Pushed push(PushRequest request) {
        return refused.told("push", request.workspace(), request.origin().author(), () -> client.push(request));
    }

    @Override
    public RunStatus status(RunId run) {
        return client.status(run);
    }

    @Override
    public RunList runs(RunFilter filter) {
        return client.runs(filter);
    }

    @Override
    public Waited await(RunId run, WaitFor what, @Nullable Duration timeout) {
        return client.await(run, what, timeout);
    }

    @Override
    public ReviewFile review(RunId run) {
        return client.review(run);
    }

    @Override
    public void output(OutputRequest request, OutputSink sink) {
        client.output(request, sink);
    }

    @Override
    public Decided decide(RunId run, Decision decision) {
        String action = switch (decision) {
            case Decision.Approve approve -> "approve";
            case Decision.Reject reject -> "reject";
            case Decision.RequestChanges changes -> "request-changes";
        };
        return refused.told(action, run.value(), decision.by(), () -> client.decide(run, decision));
    }

    @Override
    public Taken cancel(RunId run, Cancel cancel) {
        return refused.told("cancel", run.value(), cancel.by(), () -> client.cancel(run, cancel));
    }

    @Override
    public Taken retry(RunId run, Retry retry) {
        return refused.told("retry", run.value(), retry.by(), () -> client.retry(run, retry));
    }

    @Override
    public Taken extend(RunId run, Extend extend) {
        return refused.told("extend", run.value(), extend.by(), () -> client.extend(run, extend));
    }
}
