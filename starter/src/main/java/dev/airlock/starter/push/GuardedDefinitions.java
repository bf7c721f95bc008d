package dev.airlock.starter.push;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.pipeline.CompileResult;
import dev.airlock.workspace.pipeline.PipelineError;
import dev.airlock.workspace.pipeline.PipelineSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pipeline and policy as the base holds them, kept as the artifacts that evidence names. */
public final class GuardedDefinitions implements Definitions {
    private final ArtifactStore artifacts;
    private final Path images;

    /** @param images {@code DIR/images}: a run whose image is not registered there could only wait for somebody to do so */
    public GuardedDefinitions(ArtifactStore artifacts, Path images) {
        this.artifacts = artifacts;
        this.images = images;
    }

    @Override
    public ChangeRequest.Definition read(WorkspaceRepository repository, CommitId base, @Nullable String pipeline)
            throws IOException {
        PipelineSource source = new PipelineSource(repository);
        return switch (source.compile(base, pipeline)) {
            case CompileResult.Compiled compiled -> {
                requireImages(compiled.pipeline());
                yield new ChangeRequest.Definition(
                        compiled.pipeline(),
                        artifacts.put(CanonicalJson.bytes(compiled.pipeline())),
                        kept(source.policy(base)));
            }
            case CompileResult.Invalid invalid -> throw invalid(invalid.errors(), PipelineSource.path(pipeline), base);
        };
    }

    private void requireImages(Pipeline pipeline) {
        for (Step step : pipeline.steps()) {
            CommandSpec command = switch (step.use()) {
                case StepUse.Generate generate -> generate.agent();
                case StepUse.Sandbox sandbox -> sandbox.command();
                case StepUse.Validate validate -> null;
                case StepUse.Review review -> null;
                case StepUse.Promote promote -> null;
                case StepUse.Wait wait -> null;
                case StepUse.Emit emit -> null;
            };
            if (command != null
                    && !command.image().equals(CommandSpec.BASE_IMAGE)
                    && Files.notExists(images.resolve(command.image() + ".json"))) {
                throw new AirlockException(
                        ErrorCode.IMAGE_ABSENT,
                        "step " + step.id() + " wants the image " + command.image() + ", which is not registered",
                        command.image(),
                        "`airlock image add " + command.image() + " --docker REF`");
            }
        }
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
