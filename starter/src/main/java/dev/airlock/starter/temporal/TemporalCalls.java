package dev.airlock.starter.temporal;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Single calls to Temporal's frontend, each with a deadline, whose failures have become ours. Safe for many threads. */
final class TemporalCalls {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A thread for the deadlines of all calls; one that was met leaves nothing behind. */
    private static final ScheduledExecutorService TIMER = timer();

    private final WorkflowClient client;

    TemporalCalls(WorkflowClient client) {
        this.client = client;
    }

    <T> T call(Function<WorkflowServiceBlockingStub, T> request) {
        try {
            return request.apply(stub(PATIENCE));
        } catch (StatusRuntimeException e) {
            throw translate(e);
        }
    }

    /** Empty when what the call is about does not exist. */
    <T> Optional<T> find(Function<WorkflowServiceBlockingStub, T> request) {
        try {
            return Optional.of(request.apply(stub(PATIENCE)));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw translate(e);
        }
    }

    /** A call that may answer late or never: empty once {@code patience} is over. */
    <T> Optional<T> poll(Duration patience, Function<WorkflowServiceBlockingStub, T> request) {
        try {
            return Optional.of(request.apply(stub(patience)));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                return Optional.empty();
            }
            throw translate(e);
        }
    }

    WorkflowServiceBlockingStub stub(Duration patience) {
        return client.getWorkflowServiceStubs()
                .blockingStub()
                .withDeadlineAfter(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** A call of the SDK's client, which sets no deadline of its own. */
    static <T> T within(Duration limit, Callable<T> call) {
        try (Context.CancellableContext context =
                Context.current().withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS, TIMER)) {
            return context.call(call);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("airlock-deadline").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** As the other, of what the SDK has wrapped. */
    AirlockException translate(WorkflowServiceException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status) {
                return translate(status);
            }
        }
        throw e;
    }

    AirlockException translate(StatusRuntimeException e) {
        String target = client.getWorkflowServiceStubs().getOptions().getTarget();
        return switch (e.getStatus().getCode()) {
            // Cancelled by the deadline of the call around it.
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED ->
                new AirlockException(
                                ErrorCode.UNAVAILABLE,
                                "Temporal at " + target + " does not answer",
                                target,
                                "start `airlock dev`, or look at the log of the Temporal server")
                        .causedBy(e);
            case NOT_FOUND, INVALID_ARGUMENT ->
                new AirlockException(
                                ErrorCode.UNAVAILABLE,
                                "Temporal at " + target + " refuses: "
                                        + e.getStatus().getDescription(),
                                target,
                                "check that its namespace and search attributes were set up; `airlock dev` does it")
                        .causedBy(e);
            default ->
                new AirlockException(
                                ErrorCode.INTERNAL,
                                "Temporal at " + target + " answered " + e.getStatus(),
                                target,
                                "look at the log of the Temporal server")
                        .causedBy(e);
        };
    }
}
