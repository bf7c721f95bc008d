package dev.airlock.starter.push;

import dev.airlock.platform.settings.Suggestions;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.Fork;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.util.List;

/** A closed run's request once more, from the content that it had. */
final class Forks {
    private final RunId run;
    private final RunStatus closed;
    private final WorkspaceRepository repository;

    Forks(RunId run, RunStatus closed, WorkspaceRepository repository) {
        this.run = run;
        this.closed = closed;
        this.repository = repository;
    }

    ChangeRequest request(ChangeRequest first, PushRequest.Origin origin, String installation, String step)
            throws IOException {
        checkStep(first, step);
        checkBranch(first.target());
        CommitId commit = closed.candidate() == null ? first.target().base() : closed.candidate();
        TreeId tree = repository.tree(commit);
        repository.pinBase(run, first.target().base());
        repository.pin(Candidates.firstAttempt(run, first.definition().pipeline()), commit);
        return new ChangeRequest(
                new ChangeRequest.Origin(
                        installation,
                        first.origin().author(),
                        first.origin().description(),
                        origin.source(),
                        origin.requestId(),
                        origin.traceparent()),
                first.target(),
                first.definition(),
                first.source(),
                new Fork(closed.run(), step, commit, tree));
    }

    private void checkStep(ChangeRequest first, String step) {
        if (first.definition().pipeline().steps().stream()
                .noneMatch(each -> each.id().equals(step))) {
            List<String> known = first.definition().pipeline().steps().stream()
                    .map(each -> each.id())
                    .toList();
            String meant = Suggestions.nearest(step, known)
                    .map(near -> "did you mean " + near + "? ")
                    .orElse("");
            throw new AirlockException(
                    ErrorCode.NOT_FOUND,
                    closed.run() + " has no step " + step,
                    step,
                    meant + "its steps: " + String.join(", ", known));
        }
    }

    /** Its content is a change of its base; on another base it would be another change. */
    private void checkBranch(ChangeRequest.Target target) throws IOException {
        CommitId tip = repository.tip(target.branch()).orElse(null);
        if (!target.base().equals(tip)) {
            throw new AirlockException(
                    ErrorCode.BASE_MOVED,
                    target.branch() + " of " + target.workspace() + " has moved since " + closed.run() + " began",
                    closed.run().value(),
                    "push the change again, onto the branch as it is now");
        }
    }
}
