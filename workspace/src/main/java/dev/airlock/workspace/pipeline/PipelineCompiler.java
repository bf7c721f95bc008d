package dev.airlock.workspace.pipeline;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workspace.pipeline.SchemaCheck.Complaint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Compiles the pipeline language. Needs no server and no workspace; the same bytes give the same result. Safe for many
 * threads.
 *
 * <p>Every mistake is reported at once, in the order of the file, each at the value that is wrong: an unknown key at the key,
 * a missing one at what it is missing from. Under an unknown {@code uses} nothing is said about {@code with}.
 */
public final class PipelineCompiler {
    private static final Comparator<PipelineError> BY_PLACE =
            Comparator.comparingInt(PipelineError::line).thenComparingInt(PipelineError::column);

    private PipelineCompiler() {}

    public static CompileResult compile(byte[] yaml) {
        try {
            return compile(YamlReader.read(yaml));
        } catch (YamlReader.Unreadable e) {
            return new CompileResult.Invalid(List.of(e.error()));
        }
    }

    private static CompileResult compile(YamlDocument yaml) {
        List<Complaint> complaints = new SchemaCheck(yaml).check();
        MeaningCheck meaning = new MeaningCheck(yaml, complaints);
        List<PipelineError> errors = new ArrayList<>(yaml.mistakes());
        complaints.forEach(complaint -> errors.add(complaint.error()));
        errors.addAll(meaning.check());
        if (!errors.isEmpty()) {
            errors.sort(BY_PLACE);
            return new CompileResult.Invalid(errors);
        }
        Pipeline pipeline = PipelineBuilder.build(yaml.root(), meaning.order());
        return new CompileResult.Compiled(pipeline, CanonicalJson.digest(pipeline));
    }
}
