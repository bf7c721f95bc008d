package dev.airlock.workflows.change;

import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.event.EventActivities;
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
import io.temporal.activity.Activity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Every activity, scripted: answers are taken from queues, and the default is that all is well. */
final class FakeWorld
        implements SandboxActivities,
                ValidateActivities,
                ReviewActivities,
                PromoteActivities,
                AuditActivities,
                EventActivities {
    static final EngineIdentity ENGINE = new EngineIdentity("fake", "none", "none");
    static final Digest OUTPUT = digest(1);
    static final Digest EVIDENCE = digest(2);

    final List<SandboxJob> jobs = Collections.synchronizedList(new ArrayList<>());
    final List<AuditEntry> trail = Collections.synchronizedList(new ArrayList<>());
    final List<Boolean> takenOver = Collections.synchronizedList(new ArrayList<>());
    final Deque<SandboxResult> sandboxAnswers = new ArrayDeque<>();
    final Deque<ValidateResult> findings = new ArrayDeque<>();
    final Deque<RuntimeException> sandboxTroubles = new ArrayDeque<>();
    final List<SendRequest> sent = Collections.synchronizedList(new ArrayList<>());
    final Deque<RuntimeException> sendTroubles = new ArrayDeque<>();
    CheckResult fitness = new CheckResult(Fitness.FIT, null);
    PrepareResult prepared = new PrepareResult.Prepared(commit(0xbeef));
    int moves;
    volatile int largestBatch;
    volatile boolean kafkaIsDown;
    volatile @Nullable CountDownLatch moveGate;
    volatile boolean sandboxHangs;
    /** Whether checks have no answer while they are asked in a workflow task. */
    volatile boolean checksTakeLong;

    final List<String> checked = Collections.synchronizedList(new ArrayList<>());

    static Digest digest(int n) {
        return new Digest("sha256:" + HexFormat.of().toHexDigits(n).repeat(8));
    }

    static CommitId commit(int n) {
        return new CommitId(HexFormat.of().toHexDigits(n).repeat(5));
    }

    static TreeId tree(int n) {
        return new TreeId(HexFormat.of().toHexDigits(n).repeat(5));
    }

    static CommandReport exit(int code) {
        return new CommandReport(code, null, OUTPUT, null, digest(9).value(), ENGINE);
    }

    static SandboxResult generated(int n) {
        return new SandboxResult.Ended(exit(0), new Checkpoint(commit(n), tree(n)), null);
    }

    static SandboxResult ended(int code) {
        return new SandboxResult.Ended(exit(code), null, null);
    }

    @Override
    public SandboxResult run(SandboxJob job) {
        jobs.add(job);
        while (sandboxHangs) {
            Activity.getExecutionContext().heartbeat(null);
            LockSupport.parkNanos(20_000_000);
        }
        RuntimeException trouble = sandboxTroubles.poll();
        if (trouble != null) {
            throw trouble;
        }
        SandboxResult scripted = sandboxAnswers.poll();
        return scripted != null ? scripted : job.product().checkpoint() != null ? generated(jobs.size()) : ended(0);
    }

    @Override
    public ValidateResult check(ValidateRequest request) {
        soon("validate");
        ValidateResult scripted = findings.poll();
        return scripted != null ? scripted : new ValidateResult(digest(3), 0, 0);
    }

    @Override
    public SealResult seal(Evidence draft) {
        return new SealResult(EVIDENCE, "patch");
    }

    @Override
    public CheckResult check(CheckRequest request) {
        return fitness;
    }

    @Override
    public PrepareResult prepare(PrepareRequest request) {
        soon("prepare");
        return prepared;
    }

    @Override
    public MoveResult move(MoveRequest request) {
        await(moveGate);
        moves++;
        return new MoveResult.Moved(request.commit());
    }

    @Override
    public AuditHead emit(EmitRequest request) {
        boolean local = Activity.getExecutionContext().getInfo().isLocal();
        if (!local && Boolean.FALSE.equals(request.takenOver())) {
            throw new IllegalStateException("a second try that claims to be the first");
        }
        if (kafkaIsDown) {
            throw Failures.of(FailureType.UNAVAILABLE, "no Kafka", null);
        }
        long before = request.head() == null ? 0 : request.head().sequence();
        trail.addAll(request.entries());
        takenOver.add(Boolean.TRUE.equals(request.takenOver()));
        largestBatch = Math.max(largestBatch, request.entries().size());
        return new AuditHead("inc", before + request.entries().size(), digest(4), 0, 7);
    }

    /** An event matches when its data holds the condition. */
    @Override
    public MatchResult match(MatchRequest request) {
        soon("match");
        return new MatchResult(request.data().contains(request.condition()), "no " + request.condition());
    }

    @Override
    public SendResult send(SendRequest request) {
        RuntimeException trouble = sendTroubles.poll();
        if (trouble != null) {
            throw trouble;
        }
        sent.add(request);
        return new SendResult("event-" + sent.size(), 1, 2);
    }

    private void soon(String what) {
        boolean local = Activity.getExecutionContext().getInfo().isLocal();
        checked.add(what + (local ? " at once" : ""));
        if (local && checksTakeLong) {
            throw Failures.of(FailureType.UNAVAILABLE, what + " takes long", null);
        }
    }

    List<String> types() {
        return trail.stream().map(AuditEntry::type).toList();
    }

    private static void await(@Nullable CountDownLatch gate) {
        if (gate == null) {
            return;
        }
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
