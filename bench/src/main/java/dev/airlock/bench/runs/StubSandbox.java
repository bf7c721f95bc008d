package dev.airlock.bench.runs;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workspace.git.ContentSource;
import dev.airlock.workspace.git.TreeVisitor;
import dev.airlock.workspace.git.TreeWriter;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox that costs nothing: every command passes at once. A generate step's checkpoint is a real commit with one changed
 * file, so that all that comes after it has real work.
 */
final class StubSandbox implements SandboxActivities {
    private static final EngineIdentity NONE = new EngineIdentity("stub", "none", "none");
    private static final String CHANGED = "made.txt";

    private final Workspaces workspaces;
    private final Digest report;

    StubSandbox(Workspaces workspaces, ArtifactStore artifacts) throws IOException {
        this.workspaces = workspaces;
        this.report = artifacts.put("passed\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public SandboxResult run(SandboxJob job) {
        CommandReport command = new CommandReport(0, null, report, null, "stub", NONE);
        try {
            return new SandboxResult.Ended(command, checkpoint(job), null);
        } catch (IOException e) {
            throw Failures.of(
                    FailureType.INTERNAL, "no checkpoint of " + job.at().run() + ": " + e, e);
        }
    }

    private @Nullable Checkpoint checkpoint(SandboxJob job) throws IOException {
        Principal author = job.product().checkpoint();
        if (author == null) {
            return null;
        }
        try (WorkspaceRepository repository = workspaces.open(job.tree().workspace());
                TreeWriter writer = repository.newTree()) {
            repository.read(job.tree().commit(), new AllButTheChanged(writer));
            byte[] content = (job.at().run() + "\n").getBytes(StandardCharsets.UTF_8);
            writer.file(CHANGED, false, new ByteArrayInputStream(content));
            TreeId tree = writer.finish();
            CommitId commit = repository.checkpoint(job.at(), job.tree().base(), tree, author, job.scheduledAt());
            return new Checkpoint(commit, tree);
        }
    }

    private record AllButTheChanged(TreeWriter writer) implements TreeVisitor {
        @Override
        public void directory(String path) {
            writer.directory(path);
        }

        @Override
        public void file(String path, boolean executable, long size, ContentSource content) throws IOException {
            if (!path.equals(CHANGED)) {
                writer.file(path, executable, size, content);
            }
        }

        @Override
        public void link(String path, byte[] target) throws IOException {
            writer.link(path, target);
        }
    }
}
