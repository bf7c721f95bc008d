package dev.airlock.starter.push;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;

/** Makes of what was pushed what a run starts with. */
final class Candidates {
    private final RunId run;
    private final PushRequest request;
    private final WorkspaceRepository repository;
    private final Pipeline pipeline;

    Candidates(RunId run, PushRequest request, WorkspaceRepository repository, Pipeline pipeline) {
        this.run = run;
        this.request = request;
        this.repository = repository;
        this.pipeline = pipeline;
    }

    /** Refuses what can be refused before anything is written. */
    void check() {
        switch (request.content()) {
            case PushRequest.Content.Directory directory -> {
                if (!Files.isDirectory(directory.path())) {
                    throw new AirlockException(
                            ErrorCode.NOT_FOUND,
                            "no directory " + directory.path(),
                            directory.path().toString(),
                            null);
                }
            }
            case PushRequest.Content.Task task -> checkTask(task);
            case PushRequest.Content.Files files -> {
                if (files.changes().isEmpty()) {
                    throw new AirlockException(ErrorCode.USAGE, "the bundle holds no file", null, "put one into it");
                }
            }
            case PushRequest.Content.Archive archive -> {}
            case PushRequest.Content.Branch branch -> {}
        }
    }

    private void checkTask(PushRequest.Content.Task task) {
        if (task.text().isBlank()) {
            throw new AirlockException(ErrorCode.USAGE, "the task is empty", null, "say what is to be done");
        }
        if (pipeline.steps().stream().noneMatch(Candidates::hasAgent)) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "pipeline " + pipeline.name() + " of " + request.workspace() + " has no agent to do a task",
                    pipeline.name(),
                    "push the change itself with --dir, or give its generate step an agent");
        }
    }

    ChangeSource source(CommitId base, String description, ArtifactStore artifacts) throws IOException {
        if (request.content() instanceof PushRequest.Content.Task task) {
            return new ChangeSource.Task(artifacts.put(task.text().getBytes(StandardCharsets.UTF_8)));
        }
        StepAttempt at = firstAttempt(run, pipeline);
        Optional<CommitId> earlier = repository.checkpoint(at);
        if (earlier.isPresent()) {
            return new ChangeSource.Candidate(earlier.get(), repository.tree(earlier.get()));
        }
        Checkpoint made = candidate(base, description, artifacts);
        refuseNothing(base, made.tree());
        repository.pin(at, made.commit());
        return new ChangeSource.Candidate(made.commit(), made.tree());
    }

    private Checkpoint candidate(CommitId base, String description, ArtifactStore artifacts) throws IOException {
        Principal author = request.origin().author();
        Instant now = Instant.now();
        FilesCandidate files = new FilesCandidate(repository, base);
        return switch (request.content()) {
            case PushRequest.Content.Directory directory ->
                repository.candidateFromDirectory(base, directory.path(), author, description, now);
            case PushRequest.Content.Files changes ->
                repository.candidateOfTree(base, files.tree(changes), author, description, now);
            case PushRequest.Content.Archive archive ->
                repository.candidateOfTree(base, files.tree(archive, artifacts), author, description, now);
            case PushRequest.Content.Branch branch ->
                repository.candidateOfTree(base, treeOf(branch, base), author, description, now);
            case PushRequest.Content.Task task -> throw new IllegalStateException("a task is no candidate");
        };
    }

    /** A branch that does not hold the base would take back what the base has and it has not. */
    private TreeId treeOf(PushRequest.Content.Branch branch, CommitId base) throws IOException {
        CommitId tip = repository
                .tip(branch.name())
                .orElseThrow(() -> new AirlockException(
                        ErrorCode.NOT_FOUND,
                        "workspace " + request.workspace() + " has no branch " + branch.name(),
                        branch.name(),
                        "`airlock workspace list` shows its branches"));
        if (!repository.holds(tip, base)) {
            throw new AirlockException(
                    ErrorCode.BASE_MOVED,
                    "branch " + branch.name() + " of " + request.workspace() + " has not got " + base
                            + ", which it is to be a change of",
                    branch.name(),
                    "rebase it, and ask again");
        }
        return repository.tree(tip);
    }

    private void refuseNothing(CommitId base, TreeId tree) throws IOException {
        if (!repository.tree(base).equals(tree)) {
            return;
        }
        String what = switch (request.content()) {
            case PushRequest.Content.Directory directory -> directory.path().toString();
            case PushRequest.Content.Branch branch -> "branch " + branch.name();
            default -> "the bundle";
        };
        throw new AirlockException(
                ErrorCode.USAGE,
                "nothing to push: " + what + " holds what " + request.workspace() + " holds at " + base,
                what,
                "change something first");
    }

    /** Whose checkpoint the content is that a run starts with. */
    static StepAttempt firstAttempt(RunId run, Pipeline pipeline) {
        String step = pipeline.steps().stream()
                .filter(each -> each.use() instanceof StepUse.Generate)
                .map(Step::id)
                .findFirst()
                .orElse("generate");
        return new StepAttempt(run, step, 1);
    }

    private static boolean hasAgent(Step step) {
        return step.use() instanceof StepUse.Generate generate && generate.agent() != null;
    }
}
