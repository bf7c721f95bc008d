package dev.airlock.workspace.pipeline;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workspace.git.WorkspaceException;
import dev.airlock.workspace.git.WorkspaceException.Kind;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a workspace declares (CONTRACT §9). Always read from the base of a change, never from the candidate: a change must not
 * choose what judges it.
 */
public final class PipelineSource {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String POLICIES = ".airlock/policy";
    private static final int MOST_BYTES = 1 << 20;

    private final WorkspaceRepository workspace;

    public PipelineSource(WorkspaceRepository workspace) {
        this.workspace = workspace;
    }

    /** Where a pipeline is looked for; absent means the default one. */
    public static String path(@Nullable String pipeline) throws WorkspaceException {
        if (pipeline == null) {
            return ".airlock/pipeline.yaml";
        }
        if (!NAME.matcher(pipeline).matches()) {
            throw new WorkspaceException(Kind.INVALID, "not a pipeline name: '" + Words.shown(pipeline) + "'");
        }
        return ".airlock/pipelines/" + pipeline + ".yaml";
    }

    /**
     * Compiles a pipeline of the base. It works for the workspace it was read from, whatever its {@code workspace} says.
     *
     * @throws WorkspaceException {@link Kind#NOT_FOUND} if the base has no such file
     */
    public CompileResult compile(CommitId base, @Nullable String pipeline) throws IOException {
        String path = path(pipeline);
        byte[] yaml = workspace.file(base, path, MOST_BYTES).orElseThrow(() -> absent(base, path));
        return switch (PipelineCompiler.compile(yaml)) {
            case CompileResult.Invalid invalid -> invalid;
            case CompileResult.Compiled compiled -> here(compiled.pipeline());
        };
    }

    private CompileResult here(Pipeline pipeline) {
        Pipeline own = new Pipeline(pipeline.name(), workspace.name(), pipeline.limits(), pipeline.steps());
        return new CompileResult.Compiled(own, CanonicalJson.digest(own));
    }

    /**
     * The policy files of the base as one document: canonical JSON of paths and texts, to be kept as an artifact. Absent when
     * there are none.
     */
    public Optional<byte[]> policy(CommitId base) throws IOException {
        TreeMap<String, String> policies = new TreeMap<>();
        for (String path : workspace.files(base, POLICIES)) {
            if (path.endsWith(".cel")) {
                byte[] text = workspace.file(base, path, MOST_BYTES).orElseThrow(() -> absent(base, path));
                policies.put(
                        path,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(text))
                                .toString());
            }
        }
        return policies.isEmpty() ? Optional.empty() : Optional.of(CanonicalJson.bytes(policies));
    }

    private WorkspaceException absent(CommitId base, String path) {
        return new WorkspaceException(
                Kind.NOT_FOUND,
                "workspace " + workspace.name() + " has no " + path + " at " + base
                        + "; the smallest one is {pipeline: " + workspace.name()
                        + ", steps: [{id: review, uses: review}, {id: promote, uses: promote}]}");
    }
}
