package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.CollectCaps;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.EgressSummary;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workspace.git.TreeWriter;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a job takes out of its sandbox, and what its command's end means. */
final class JobProducts {
    private static final long TREE_ENTRIES = 200_000;
    private static final long ARTIFACT_ENTRIES = 10_000;

    private final SandboxJob job;
    private final SandboxStores stores;
    private final StopSignal stop;
    private final EngineIdentity engine;

    JobProducts(SandboxJob job, SandboxStores stores, StopSignal stop, EngineIdentity engine) {
        this.job = job;
        this.stores = stores;
        this.stop = stop;
        this.engine = engine;
    }

    /** Everything that the result names is durable when this returns. */
    SandboxResult.Ended take(Sandbox sandbox, CommandStatus status, Path output, @Nullable EgressSummary egress)
            throws IOException {
        Digest report = report(output);
        CollectFindings findings = new CollectFindings();
        Checkpoint content = status.passed() ? checkpoint(sandbox, findings) : null;
        Digest artifacts = artifacts(sandbox, findings);
        CommandReport command = new CommandReport(
                CommandVerdict.exitCode(status),
                CommandVerdict.limit(status),
                report,
                artifacts,
                sandbox.image(),
                engine,
                egress);
        return new SandboxResult.Ended(command, content, stored(findings));
    }

    /** The workload ate the memory of its whole sandbox: what it wrote up to then is all there is. */
    SandboxResult.Ended outOfMemory(String image, Path output, @Nullable EgressSummary egress) throws IOException {
        Digest report = Files.exists(output) ? report(output) : null;
        CommandReport command = new CommandReport(null, Limit.MEMORY, report, null, image, engine, egress);
        return new SandboxResult.Ended(command, null, null);
    }

    private Digest report(Path output) throws IOException {
        try (InputStream in = Files.newInputStream(output)) {
            return stores.artifacts().put(in);
        }
    }

    private @Nullable Digest stored(CollectFindings findings) throws IOException {
        return findings.all().isEmpty() ? null : stores.artifacts().put(CanonicalJson.bytes(findings.all()));
    }

    private @Nullable Checkpoint checkpoint(Sandbox sandbox, CollectFindings findings) throws IOException {
        Principal author = job.product().checkpoint();
        if (author == null) {
            return null;
        }
        SandboxJob.Tree from = job.tree();
        CollectCaps caps = CollectCaps.tree(job.command().limits().disk(), TREE_ENTRIES);
        try (WorkspaceRepository repository = stores.workspaces().open(from.workspace());
                TreeWriter writer = repository.newTree()) {
            BaseTree before = new BaseTree();
            repository.read(from.commit(), before);
            sandbox.collect(caps, List.of(), new TreeCollector(writer, before, findings, stop));
            TreeId tree = writer.finish();
            CommitId commit = repository.checkpoint(job.at(), from.base(), tree, author, job.scheduledAt());
            return new Checkpoint(commit, tree);
        }
    }

    private @Nullable Digest artifacts(Sandbox sandbox, CollectFindings findings) throws IOException {
        List<String> patterns = job.product().artifacts();
        if (patterns.isEmpty()) {
            return null;
        }
        ArtifactCollector collector = new ArtifactCollector(stores.artifacts(), findings, stop);
        sandbox.collect(CollectCaps.tree(job.command().limits().disk(), ARTIFACT_ENTRIES), patterns, collector);
        return stores.artifacts().put(CanonicalJson.bytes(collector.kept()));
    }
}
