package dev.airlock.starter.push;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.pipeline.CompileResult;
import dev.airlock.workspace.pipeline.PipelineError;
import dev.airlock.workspace.pipeline.PipelineSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pipeline and policy as the base holds them, kept as the artifacts that evidence names. */
public final class GuardedDefinitions implements Definitions {
    private final ArtifactStore artifacts;

    public GuardedDefinitions(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    @Override
    public ChangeRequest.Definition read(WorkspaceRepository repository, CommitId base, @Nullable String pipeline)
            throws IOException {
        PipelineSource source = new PipelineSource(repository);
        return switch (source.compile(base, pipeline)) {
            case CompileResult.Compiled compiled ->
                new ChangeRequest.Definition(
                        compiled.pipeline(),
                        artifacts.put(CanonicalJson.bytes(compiled.pipeline())),
                        kept(source.policy(base)));
            case CompileResult.Invalid invalid -> throw invalid(invalid.errors(), PipelineSource.path(pipeline), base);
        };
    }

    private @Nullable Digest kept(Optional<byte[]> document) throws IOException {
        return document.isEmpty() ? null : artifacts.put(document.get());
    }

    private static AirlockException invalid(List<PipelineError> errors, String path, CommitId base) {
        PipelineError first = errors.getFirst();
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        String hint = first.suggestion() == null ? "" : "did you mean " + first.suggestion() + "? ";
        return new AirlockException(
                ErrorCode.INVALID_PIPELINE,
                path + ":" + first.line() + ":" + first.column() + " at " + base + ": " + first.message() + more,
                path,
                hint + "`airlock pipeline validate FILE` shows all");
    }
}
