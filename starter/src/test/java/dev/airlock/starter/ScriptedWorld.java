package dev.airlock.starter;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.starter.output.FakeLiveOutput;
import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.TreeId;
import dev.airlock.workflows.promote.PromoteActivities;
import dev.airlock.workflows.review.Evidence;
import dev.airlock.workflows.review.ReviewActivities;
import dev.airlock.workflows.sandbox.CommandReport;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.SandboxActivities;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.validate.ValidateActivities;
import dev.airlock.workspace.git.TreeWriter;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** The activities: git and artifacts are real, commands are scripted by exit code. */
final class ScriptedWorld
        implements SandboxActivities, ValidateActivities, ReviewActivities, PromoteActivities, AuditActivities {
    static final EngineIdentity ENGINE = new EngineIdentity("scripted", "none", "none");
    static final Digest SOME = CanonicalJson.sha256(new byte[0]);

    private final Workspaces workspaces;
    private final ArtifactStore artifacts;
    private final FakeLiveOutput output;
    final BlockingQueue<Integer> testExits = new LinkedBlockingQueue<>();
    volatile Fitness fitness = Fitness.FIT;
    volatile @Nullable CountDownLatch testGate;
    volatile boolean gitIsAway;

    ScriptedWorld(Workspaces workspaces, ArtifactStore artifacts, FakeLiveOutput output) {
        this.workspaces = workspaces;
        this.artifacts = artifacts;
        this.output = output;
    }

    @Override
    public SandboxResult run(SandboxJob job) {
        try {
            Digest report = print(
                    job, "begin " + job.at().label() + "\n", "end " + job.at().label() + "\n");
            Integer scripted = job.product().checkpoint() == null ? testExits.poll() : null;
            CommandReport command =
                    new CommandReport(scripted == null ? 0 : scripted, null, report, null, SOME.value(), ENGINE);
            Checkpoint content = job.product().checkpoint() == null ? null : checkpoint(job);
            return new SandboxResult.Ended(command, content, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Digest print(SandboxJob job, String begin, String end) throws IOException {
        output.print(job.at(), begin);
        CountDownLatch gate = job.product().checkpoint() == null ? testGate : null;
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        output.print(job.at(), end);
        return artifacts.put((begin + end).getBytes(StandardCharsets.UTF_8));
    }

    private Checkpoint checkpoint(SandboxJob job) throws IOException {
        try (WorkspaceRepository repository = workspaces.open(job.tree().workspace());
                TreeWriter writer = repository.newTree()) {
            String text = "made by " + job.at().label() + "\n";
            writer.file("made.txt", false, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            TreeId tree = writer.finish();
            CommitId commit = repository.checkpoint(job.at(), job.tree().base(), tree, World.AUTHOR, job.scheduledAt());
            return new Checkpoint(commit, tree);
        }
    }

    @Override
    public ValidateResult check(ValidateRequest request) {
        try {
            return new ValidateResult(artifacts.put("[]".getBytes(StandardCharsets.UTF_8)), 0, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SealResult seal(Evidence draft) {
        try (WorkspaceRepository repository = workspaces.open(draft.workspace())) {
            Evidence evidence = draft.withPatch(repository.patchId(draft.base(), draft.candidate()));
            return new SealResult(artifacts.put(CanonicalJson.bytes(evidence)), String.valueOf(evidence.patch()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CheckResult check(CheckRequest request) {
        return new CheckResult(fitness, fitness == Fitness.FIT ? null : "scripted");
    }

    @Override
    public PrepareResult prepare(PrepareRequest request) {
        if (gitIsAway) {
            throw Failures.of(FailureType.INTERNAL, "git is away", null);
        }
        return new PrepareResult.Prepared(request.candidate());
    }

    @Override
    public MoveResult move(MoveRequest request) {
        return new MoveResult.Moved(request.commit());
    }

    @Override
    public AuditHead emit(EmitRequest request) {
        long before = request.head() == null ? 0 : request.head().sequence();
        return new AuditHead("incarnation", before + request.entries().size(), SOME, 0, 7);
    }
}
