package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.CollectCaps;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.CommandStatus.Suspect;
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
    private static final int SIGKILL = 9;
    private static final int ENOENT = 2;
    /** As shells say it. */
    private static final int NOT_FOUND = 127;

    private static final int NOT_EXECUTABLE = 126;
    private static final int SIGNALED = 128;

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
        CommandReport command =
                new CommandReport(exitCode(status), limit(status), report, artifacts, sandbox.image(), engine, egress);
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

    /** Absent when a limit killed it: then the signal says nothing about the command. */
    static @Nullable Integer exitCode(CommandStatus status) {
        return switch (status.cause()) {
            case EXITED -> status.code();
            case SIGNALED -> limit(status) == null ? SIGNALED + status.code() : null;
            case NOT_STARTED -> status.code() == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
            case TIMEOUT, OUTPUT, KILLED, LEASE, LIMIT, NONE -> null;
        };
    }

    /**
     * The limit that ended a command. Time and output are init's own doing and certain. That memory, processes or disk ran out is
     * known (by init's reading, not by the command's word), but only the kernel's kill for memory ends a command; for the
     * others, and for a command whose child was killed, the limit is named when the command failed by itself after it met one.
     */
    static @Nullable Limit limit(CommandStatus status) {
        return switch (status.cause()) {
            case TIMEOUT -> Limit.TIMEOUT;
            case OUTPUT -> Limit.OUTPUT;
            case SIGNALED ->
                status.code() == SIGKILL && status.suspects().contains(Suspect.MEMORY) ? Limit.MEMORY : null;
            case EXITED -> status.code() == 0 ? null : suspected(status);
            case LIMIT -> suspected(status);
            case NOT_STARTED, KILLED, LEASE, NONE -> null;
        };
    }

    private static @Nullable Limit suspected(CommandStatus status) {
        if (status.suspects().contains(Suspect.MEMORY)) {
            return Limit.MEMORY;
        }
        if (status.suspects().contains(Suspect.DISK)) {
            return Limit.DISK;
        }
        return status.suspects().contains(Suspect.PIDS) ? Limit.PIDS : null;
    }
}
