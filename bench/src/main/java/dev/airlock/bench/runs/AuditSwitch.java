package dev.airlock.bench.runs;

import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import io.temporal.activity.Activity;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The product's audit, or for comparison one that writes nothing; the workflow is the same. It also tells the automatic
 * reviewer of each review, as a subscriber of the trail would hear of it.
 */
final class AuditSwitch implements AuditActivities {
    private final AuditActivities real;
    private final Digest nothing;
    private final Map<RunId, CompletableFuture<Digest>> reviews = new ConcurrentHashMap<>();
    private volatile boolean on = true;

    AuditSwitch(AuditActivities real) {
        this.real = real;
        this.nothing = new Digest("sha256:" + "0".repeat(64));
    }

    void on(boolean now) {
        on = now;
    }

    /** Evidence of the run's review, once it is open. */
    CompletableFuture<Digest> review(RunId run) {
        return reviews.computeIfAbsent(run, any -> new CompletableFuture<>());
    }

    void forget(RunId run) {
        reviews.remove(run);
    }

    @Override
    public AuditHead emit(EmitRequest request) {
        AuditHead head = on ? real.emit(request) : unwritten(request);
        for (AuditEntry entry : request.entries()) {
            if (entry.type().equals("review.opened")) {
                String evidence = String.valueOf(entry.data().get("evidence"));
                review(request.run()).complete(new Digest(evidence));
            }
        }
        return head;
    }

    private AuditHead unwritten(EmitRequest request) {
        String incarnation =
                Objects.requireNonNull(Activity.getExecutionContext().getInfo().getWorkflowRunId(), "no workflow");
        AuditHead last = request.head();
        long sequence = (last == null ? 0 : last.sequence()) + request.entries().size();
        return new AuditHead(incarnation, sequence, nothing, 0, sequence);
    }
}
