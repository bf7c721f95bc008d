package dev.airlock.worker.telemetry;

import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.MDC;

/** Every activity, and all is well. */
final class CalmWorld
        implements SandboxActivities, ValidateActivities, ReviewActivities, PromoteActivities, AuditActivities {
    static final Digest EVIDENCE = digest("2");

    /** What log lines of the sandbox's activity would tell. */
    final List<Map<String, String>> told = new CopyOnWriteArrayList<>();

    volatile boolean kafkaIsSlow;

    static Digest digest(String digit) {
        return new Digest("sha256:" + digit.repeat(64));
    }

    static CommitId commit(String digit) {
        return new CommitId(digit.repeat(40));
    }

    static TreeId tree(String digit) {
        return new TreeId(digit.repeat(40));
    }

    @Override
    public SandboxResult run(SandboxJob job) {
        told.add(MDC.getCopyOfContextMap());
        EngineIdentity engine = new EngineIdentity("fake", "none", "none");
        return new SandboxResult.Ended(
                new CommandReport(0, null, digest("1"), null, digest("9").value(), engine), null, null);
    }

    @Override
    public ValidateResult check(ValidateRequest request) {
        return new ValidateResult(digest("3"), 0, 0);
    }

    @Override
    public SealResult seal(Evidence draft) {
        return new SealResult(EVIDENCE, "patch");
    }

    @Override
    public CheckResult check(CheckRequest request) {
        return new CheckResult(Fitness.FIT, null);
    }

    @Override
    public PrepareResult prepare(PrepareRequest request) {
        return new PrepareResult.Prepared(commit("b"));
    }

    @Override
    public MoveResult move(MoveRequest request) {
        return new MoveResult.Moved(request.commit());
    }

    @Override
    public AuditHead emit(EmitRequest request) {
        if (kafkaIsSlow && Activity.getExecutionContext().getInfo().isLocal()) {
            throw Failures.of(FailureType.UNAVAILABLE, "not at once", null);
        }
        long before = request.head() == null ? 0 : request.head().sequence();
        return new AuditHead("inc", before + request.entries().size(), digest("4"), 0, 7);
    }
}
