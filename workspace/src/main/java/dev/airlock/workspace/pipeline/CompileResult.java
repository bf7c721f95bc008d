package dev.airlock.workspace.pipeline;

import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.pipeline.Pipeline;
import java.util.List;

/** What became of a pipeline file. */
public sealed interface CompileResult {

    /** @param digest of the pipeline's canonical JSON; those bytes, kept as an artifact, are what evidence names */
    record Compiled(Pipeline pipeline, Digest digest) implements CompileResult {}

    /** @param errors all of them, in the order of the file; at least one */
    record Invalid(List<PipelineError> errors) implements CompileResult {
        public Invalid {
            errors = List.copyOf(errors);
        }
    }
}
