package dev.airlock.starter.temporal;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Single calls to Temporal's frontend, each with a deadline, whose failures have become ours. Safe for many threads. */
final class TemporalCalls {
    static final Duration PATIENCE = Duration.ofSeconds(5);

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
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
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
