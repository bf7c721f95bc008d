package dev.airlock.workflows.session;

import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.SandboxPlace;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A host whose containers do nothing, scripted: answers and troubles are taken from queues, and the default is that all is well. */
final class FakeHost implements SessionActivities, AuditActivities {
    static final String NAME = "host-a";
    static final EngineIdentity ENGINE = new EngineIdentity("fake", "none", "none");

    final List<OpenRequest> opened = Collections.synchronizedList(new ArrayList<>());
    final List<ExecRequest> executed = Collections.synchronizedList(new ArrayList<>());
    final List<GetRequest> taken = Collections.synchronizedList(new ArrayList<>());
    final List<Lodging> released = Collections.synchronizedList(new ArrayList<>());
    final List<AuditEntry> trail = Collections.synchronizedList(new ArrayList<>());
    final List<String> incarnations = Collections.synchronizedList(new ArrayList<>());
    final Deque<RuntimeException> openTroubles = new ArrayDeque<>();
    final Deque<RuntimeException> execTroubles = new ArrayDeque<>();
    final Deque<ExecOutcome> execAnswers = new ArrayDeque<>();
    private final AtomicLong sequence = new AtomicLong();
    volatile boolean commandHangs;

    static Digest digest(int n) {
        return new Digest("sha256:" + HexFormat.of().toHexDigits(n).repeat(8));
    }

    static ExecOutcome ended(int exitCode) {
        return new ExecOutcome.Ended(digest(1), new CommandEnd(exitCode, null, digest(2), 5, false), false);
    }

    @Override
    public Held open(OpenRequest request) {
        opened.add(request);
        throwIfAny(openTroubles);
        int incarnation = request.lodging().at().attempt();
        String name = Names.sandbox(
                request.lodging().installation(), request.lodging().at());
        return new Held(
                incarnation, new SandboxPlace(NAME, name), ENGINE, digest(9).value());
    }

    @Override
    public ExecOutcome exec(ExecRequest request) {
        executed.add(request);
        throwIfAny(execTroubles);
        while (commandHangs) {
            try {
                Activity.getExecutionContext().heartbeat(null);
            } catch (ActivityCanceledException killed) {
                return ended(137);
            }
            LockSupport.parkNanos(20_000_000);
        }
        ExecOutcome scripted = execAnswers.poll();
        return scripted == null ? ended(0) : scripted;
    }

    @Override
    public TransferOutcome put(PutRequest request) {
        return new TransferOutcome.Done(new TransferResult.Transferred(request.manifest(), 1, 5, 0));
    }

    @Override
    public TransferOutcome get(GetRequest request) {
        taken.add(request);
        return new TransferOutcome.Done(new TransferResult.Transferred(digest(7), 2, 10, 1));
    }

    @Override
    public void release(Lodging lodging) {
        released.add(lodging);
    }

    @Override
    public AuditHead emit(EmitRequest request) {
        trail.addAll(request.entries());
        Origin origin = request.origin();
        String execution =
                String.valueOf(Activity.getExecutionContext().getInfo().getWorkflowRunId());
        String incarnation = origin == null ? execution : origin.incarnationOf(execution);
        incarnations.add(incarnation);
        return new AuditHead(incarnation, sequence.addAndGet(request.entries().size()), digest(8), 0, 0);
    }

    List<String> types() {
        return trail.stream().map(AuditEntry::type).toList();
    }

    @Nullable
    Object told(String type, String member) {
        return trail.stream()
                .filter(entry -> entry.type().equals(type))
                .reduce((earlier, later) -> later)
                .map(entry -> entry.data().get(member))
                .orElse(null);
    }

    private static void throwIfAny(Deque<RuntimeException> troubles) {
        RuntimeException trouble = troubles.poll();
        if (trouble != null) {
            throw trouble;
        }
    }
}
