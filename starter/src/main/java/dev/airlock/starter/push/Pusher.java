package dev.airlock.starter.push;

import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.platform.settings.Suggestions;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StatusReader;
import dev.airlock.starter.temporal.RunActions;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.WorkspaceException;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;

/**
 * Starts runs. Whatever a push writes before the start is named by the run's id and written once, so a push that was killed
 * half-way is finished by doing it again, and two of the same request at once agree.
 */
public final class Pusher {
    private static final int TRIES = 3;

    /** Whether the base of a run gets a ref before the run starts. */
    public enum Pins {
        ALWAYS,
        /** Not for a task: its base is the branch's tip, and what the agent makes of it keeps it. */
        CANDIDATES
    }

    private final String installation;
    private final Store store;
    private final Definitions definitions;
    private final TemporalRuns runs;
    private final RunActions actions;
    private final StatusReader statuses;
    private final Pins pins;

    public Pusher(String installation, Store store, Definitions definitions, TemporalRuns runs, RunActions actions) {
        this(installation, store, definitions, runs, actions, Pins.ALWAYS);
    }

    public Pusher(
            String installation,
            Store store,
            Definitions definitions,
            TemporalRuns runs,
            RunActions actions,
            Pins pins) {
        this.installation = installation;
        this.store = store;
        this.definitions = definitions;
        this.runs = runs;
        this.actions = actions;
        this.statuses = new StatusReader(runs);
        this.pins = pins;
    }

    public Pushed push(PushRequest request) {
        RunId run = id(request.origin());
        if (runs.find(run).isPresent()) {
            return again(run, request);
        }
        Prepared prepared = prepare(request);
        if (!start(prepared)) {
            return again(run, request);
        }
        return new Pushed(
                run,
                true,
                prepared.change().target().base(),
                RunState.RUNNING,
                request.origin().requestId());
    }

    /** The run that a request of this origin starts, or has started. */
    public RunId id(PushRequest.Origin origin) {
        return Names.run(installation, origin.source(), origin.requestId());
    }

    /** Whether the run was ever started, as far as Temporal remembers. */
    public boolean started(RunId run) {
        return runs.find(run).isPresent();
    }

    /**
     * Makes durable what the run starts with, without asking whether it was started before.
     *
     * @throws AirlockException why it cannot be started
     */
    public Prepared prepare(PushRequest request) {
        RunId run = id(request.origin());
        Prepared prepared = new Prepared(run, prepared(run, request));
        Failpoints.hit("push.prepared");
        return prepared;
    }

    /** @return whether this call started it; otherwise an earlier one with the same request id did */
    public boolean start(Prepared prepared) {
        return actions.start(prepared.run(), prepared.change());
    }

    /** What a run that was started is for. */
    public ChangeRequest.Target target(RunId run) {
        return runs.request(run).target();
    }

    private Pushed again(RunId run, PushRequest request) {
        ChangeRequest.Target target = target(run);
        String id = request.origin().requestId();
        if (!target.workspace().equals(request.workspace())) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "request id " + id + " was used for workspace " + target.workspace() + " (" + run + ")",
                    id,
                    "choose another --request-id");
        }
        return new Pushed(run, false, target.base(), statuses.state(run), id);
    }

    private ChangeRequest prepared(RunId run, PushRequest request) {
        try (WorkspaceRepository repository = store.workspaces().open(request.workspace())) {
            for (int i = 1; ; i++) {
                try {
                    return prepare(run, request, repository);
                } catch (WorkspaceException e) {
                    // The same request is being pushed by somebody else as well: what he wrote is what we take up.
                    if (e.kind() != WorkspaceException.Kind.CONFLICT || i == TRIES) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw Translations.of(e, "workspace " + request.workspace(), request.workspace());
        }
    }

    private ChangeRequest prepare(RunId run, PushRequest request, WorkspaceRepository repository) throws IOException {
        String branch = request.branch() == null ? repository.live() : request.branch();
        CommitId base = base(run, branch, repository);
        ChangeRequest.Definition definition = definitions.read(repository, base, request.pipeline());
        String description = Descriptions.of(request);
        Candidates candidates = new Candidates(run, request, repository, definition.pipeline());
        candidates.check();
        if (pins == Pins.ALWAYS || !(request.content() instanceof PushRequest.Content.Task)) {
            repository.pinBase(run, base);
        }
        Failpoints.hit("push.pinned");
        ChangeSource source = candidates.source(base, description, store.artifacts());
        return new ChangeRequest(
                new ChangeRequest.Origin(
                        installation,
                        request.origin().author(),
                        description,
                        request.origin().source(),
                        request.origin().requestId(),
                        request.origin().traceparent()),
                new ChangeRequest.Target(request.workspace(), branch, base),
                definition,
                source,
                null);
    }

    /** What an earlier, unfinished push of this request was on; else the branch's tip. */
    private static CommitId base(RunId run, String branch, WorkspaceRepository repository) throws IOException {
        CommitId tip = repository.tip(branch).orElse(null);
        if (tip == null) {
            throw new AirlockException(
                    ErrorCode.NOT_FOUND,
                    "workspace " + repository.name() + " has no branch " + branch,
                    branch,
                    Suggestions.nearest(branch, repository.branches())
                            .map(near -> "did you mean " + near + "?")
                            .orElse("`airlock workspace list` shows its branches"));
        }
        return repository.base(run).orElse(tip);
    }

    /** A new run that takes up what a closed one left. */
    public Pushed fork(RunStatus closed, PushRequest.Origin origin, String step) {
        RunId run = Names.run(installation, origin.source(), origin.requestId());
        ChangeRequest change;
        try (WorkspaceRepository repository = store.workspaces().open(closed.workspace())) {
            change = new Forks(run, closed, repository).request(runs.request(closed.run()), origin, installation, step);
        } catch (IOException e) {
            throw Translations.of(
                    e, "the content of " + closed.run(), closed.run().value());
        }
        boolean created = actions.start(run, change);
        return new Pushed(run, created, change.target().base(), RunState.RUNNING, origin.requestId());
    }
}
