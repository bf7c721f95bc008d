package dev.airlock.starter;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.decision.Decided;
import dev.airlock.starter.decision.Decisions;
import dev.airlock.starter.decision.Retries;
import dev.airlock.starter.decision.Taken;
import dev.airlock.starter.output.LiveOutput;
import dev.airlock.starter.output.OutputReader;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.OutputSink;
import dev.airlock.starter.push.Definitions;
import dev.airlock.starter.push.GuardedDefinitions;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.push.Pusher;
import dev.airlock.starter.push.Store;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.review.ReviewReader;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StatusReader;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import dev.airlock.starter.run.Waiter;
import dev.airlock.starter.temporal.RunActions;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.Extend;
import dev.airlock.workflows.change.Retry;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client over Temporal, git and the artifact store of one state directory. Opens nothing before it is needed. */
public final class TemporalAirlockClient implements AirlockClient {
    /** How long a run gets to answer what it is told; it may have to read the whole change from git before. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Store store;
    private final StatusReader statuses;
    private final Waiter waiter;
    private final Pusher pusher;
    private final Decisions decisions;
    private final OutputReader output;
    private final String source;

    /** With no live output. */
    public TemporalAirlockClient(WorkflowClient temporal, StateDirectory state, String installation, String source) {
        this(temporal, state, installation, source, PATIENCE);
    }

    /** @param source name of the way in, such as {@code airlock:cli} */
    public TemporalAirlockClient(
            WorkflowClient temporal, StateDirectory state, String installation, String source, LiveOutput live) {
        this(
                new RunActions(temporal, PATIENCE),
                new TemporalRuns(temporal),
                state,
                installation,
                source,
                new GuardedDefinitions(new DirectoryArtifactStore(state.artifacts()), state.images()),
                live);
    }

    TemporalAirlockClient(
            WorkflowClient temporal, StateDirectory state, String installation, String source, Duration patience) {
        this(
                new RunActions(temporal, patience),
                new TemporalRuns(temporal),
                state,
                installation,
                source,
                new GuardedDefinitions(new DirectoryArtifactStore(state.artifacts()), state.images()),
                LiveOutput.NONE);
    }

    TemporalAirlockClient(
            RunActions actions,
            TemporalRuns runs,
            StateDirectory state,
            String installation,
            String source,
            Definitions definitions,
            LiveOutput live) {
        ArtifactStore artifacts = new DirectoryArtifactStore(state.artifacts());
        this.store = new Store(new Workspaces(state.workspaces()), artifacts);
        this.statuses = new StatusReader(runs);
        this.waiter = new Waiter(runs, statuses);
        this.pusher = new Pusher(installation, store, definitions, runs, actions);
        this.decisions = new Decisions(actions);
        this.output = new OutputReader(live, artifacts, runs, statuses);
        this.source = source;
    }

    @Override
    public Pushed push(PushRequest request) {
        return pusher.push(request);
    }

    @Override
    public RunStatus status(RunId run) {
        return statuses.status(run);
    }

    @Override
    public RunList runs(RunFilter filter) {
        return statuses.list(filter);
    }

    @Override
    public Waited await(RunId run, WaitFor what, @Nullable Duration timeout) {
        return waiter.await(run, what, timeout);
    }

    @Override
    public ReviewFile review(RunId run) {
        return new ReviewReader(store.workspaces(), store.artifacts()).read(statuses.status(run));
    }

    @Override
    public void output(OutputRequest request, OutputSink sink) {
        output.read(request, sink);
    }

    @Override
    public Decided decide(RunId run, Decision decision) {
        return decisions.decide(run, decision);
    }

    @Override
    public Taken cancel(RunId run, Cancel cancel) {
        return decisions.cancel(run, cancel);
    }

    @Override
    public Taken retry(RunId run, Retry retry) {
        return new Retries(statuses, decisions, pusher).retry(run, retry, source);
    }

    @Override
    public Taken extend(RunId run, Extend extend) {
        return decisions.extend(run, extend);
    }
}
