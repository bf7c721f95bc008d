package dev.airlock.starter.push;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
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
import java.nio.file.Path;
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
            case PushRequest.Content.Task task -> {
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
        }
    }

    ChangeSource source(CommitId base, String description, ArtifactStore artifacts) throws IOException {
        return switch (request.content()) {
            case PushRequest.Content.Directory directory -> candidate(base, directory.path(), description);
            case PushRequest.Content.Task task ->
                new ChangeSource.Task(artifacts.put(task.text().getBytes(StandardCharsets.UTF_8)));
        };
    }

    private ChangeSource candidate(CommitId base, Path directory, String description) throws IOException {
        StepAttempt at = firstAttempt(run, pipeline);
        Optional<CommitId> earlier = repository.checkpoint(at);
        if (earlier.isPresent()) {
            return new ChangeSource.Candidate(earlier.get(), repository.tree(earlier.get()));
        }
        Checkpoint made = repository.candidateFromDirectory(
                base, directory, request.origin().author(), description, Instant.now());
        refuseNothing(base, made.tree(), directory);
        repository.pin(at, made.commit());
        return new ChangeSource.Candidate(made.commit(), made.tree());
    }

    private void refuseNothing(CommitId base, TreeId tree, Path directory) throws IOException {
        if (repository.tree(base).equals(tree)) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "nothing to push: " + directory + " holds what " + request.workspace() + " holds at " + base,
                    directory.toString(),
                    "change something first");
        }
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
