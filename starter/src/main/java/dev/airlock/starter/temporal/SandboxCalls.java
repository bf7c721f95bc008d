package dev.airlock.starter.temporal;

import com.google.protobuf.ByteString;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.SearchAttributeKeys;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.session.SessionMemo;
import dev.airlock.workflows.session.SessionRefusal;
import dev.airlock.workflows.session.SessionRequest;
import dev.airlock.workflows.session.SessionState;
import dev.airlock.workflows.session.SessionView;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.query.v1.WorkflowQuery;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.QueryWorkflowRequest;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Starts interactive sandboxes in Temporal, and calls them. Every method ends within its patience. */
public final class SandboxCalls {
    /** A workflow task on a worker that died goes to another after this. */
    private static final Duration TASK_TIMEOUT = Duration.ofSeconds(5);

    /** How long a worker gets to take a call up. */
    private static final Duration TAKEN_UP = Duration.ofSeconds(30);

    private static final Duration QUERY_PATIENCE = Duration.ofMillis(1500);
    private static final long PAUSE_NANOS = 50_000_000;

    private final WorkflowClient client;
    private final TemporalCalls calls;
    private final DataConverter converter;
    private final String namespace;

    public SandboxCalls(WorkflowClient client) {
        this.client = client;
        this.calls = new TemporalCalls(client);
        this.converter = client.getOptions().getDataConverter();
        this.namespace = client.getOptions().getNamespace();
    }

    /** Starts it unless it was ever started before. */
    public void start(SandboxId sandbox, SessionRequest request) {
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setWorkflowId(sandbox.value())
                .setTaskQueue(TaskQueues.MAIN)
                .setWorkflowTaskTimeout(TASK_TIMEOUT)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                        .set(SearchAttributeKeys.STATE, SessionState.STARTING.name())
                        .set(
                                SearchAttributeKeys.AUTHOR,
                                request.origin().author().value())
                        .build())
                .build();
        try {
            client.newUntypedWorkflowStub("SandboxWorkflow", options).start(request);
        } catch (WorkflowExecutionAlreadyStarted e) {
            // The same request, and it has ended: who asks for it learns so.
        } catch (WorkflowServiceException e) {
            throw calls.translate(e);
        }
    }

    /**
     * Sends a call and waits for its answer.
     *
     * @param id the same one is the same call, also after it was answered
     * @param patience how long the answer may take once a worker has taken the call up
     * @throws AirlockException with the code of a refusal; {@code NOT_FOUND}, {@code UNAVAILABLE}, {@code TIMEOUT}
     */
    public <T> T call(
            SandboxId sandbox, String name, String id, Class<T> answer, Duration patience, Object... argument) {
        long late = System.nanoTime() + TAKEN_UP.plus(patience).toNanos();
        while (true) {
            Optional<T> said = tried(sandbox, name, id, answer, late, argument);
            if (said.isPresent()) {
                return said.get();
            }
            if (System.nanoTime() - late > 0) {
                throw late(sandbox);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** @return nothing when it is to be asked again: the workflow goes on in another execution */
    private <T> Optional<T> tried(
            SandboxId sandbox, String name, String id, Class<T> answer, long late, Object... argument) {
        UpdateOptions<T> options = UpdateOptions.newBuilder(answer)
                .setUpdateName(name)
                .setUpdateId(id)
                .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                .build();
        try {
            WorkflowUpdateHandle<T> handle = TemporalCalls.within(
                    TAKEN_UP,
                    () -> client.newUntypedWorkflowStub(sandbox.value()).startUpdate(options, argument));
            long left = Math.max(1, late - System.nanoTime());
            return Optional.of(handle.getResultAsync(left, TimeUnit.NANOSECONDS).get());
        } catch (ExecutionException e) {
            return again(
                    sandbox, e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late(sandbox);
        } catch (WorkflowException | StatusRuntimeException e) {
            return again(sandbox, e);
        }
    }

    private <T> Optional<T> again(SandboxId sandbox, RuntimeException failure) {
        if (failure instanceof WorkflowUpdateException update) {
            if (update.getCause() instanceof ApplicationFailure known) {
                if (known.getType().equals(SessionRefusal.CONTINUING.name())) {
                    return Optional.empty();
                }
                throw refusal(sandbox, known.getType(), known.getOriginalMessage())
                        .causedBy(update);
            }
        }
        Status.Code code = code(failure);
        boolean ended = failure instanceof WorkflowNotFoundException || code == Status.Code.NOT_FOUND;
        if (ended && find(sandbox).orElseThrow(() -> unknown(sandbox)).open()) {
            return Optional.empty();
        }
        if (ended) {
            throw refusal(sandbox, ErrorCode.ALREADY_DECIDED.name(), sandbox + " has ended");
        }
        if (code == Status.Code.ABORTED) {
            return Optional.empty();
        }
        if (failure instanceof WorkflowServiceException service && code == Status.Code.UNAVAILABLE) {
            throw calls.translate(service);
        }
        throw noWorker(sandbox).causedBy(failure);
    }

    /** A no of a sandbox, as everybody outside sees it. */
    public static AirlockException refusal(SandboxId sandbox, String code, String message) {
        ErrorCode known = Arrays.stream(ErrorCode.values())
                .filter(each -> each.name().equals(code))
                .findFirst()
                .orElse(ErrorCode.INTERNAL);
        String hint = switch (known) {
            case ALREADY_DECIDED -> "start another one: `airlock sandbox start`";
            case ENGINE_ABSENT -> "start a worker that has it, or leave the choice to the worker";
            case IMAGE_ABSENT -> "register it: `airlock image add`";
            default -> "see `airlock sandbox list`";
        };
        return new AirlockException(known, message, sandbox.value(), hint);
    }

    /** What Temporal tells without asking a worker. */
    public record Listed(
            SandboxId sandbox,
            boolean open,
            @Nullable String state,
            @Nullable String author,
            @Nullable String outcome,
            @Nullable SessionMemo memo,
            java.time.Instant started) {}

    /** A page of them, and the token of the next one. */
    public record Page(List<Listed> items, @Nullable String next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    public Optional<Listed> find(SandboxId sandbox) {
        return calls.find(stub -> stub.describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(sandbox.value()))
                        .build()))
                .map(answer -> listed(answer.getWorkflowExecutionInfo()));
    }

    /** @param all whether also those that have ended */
    public Page list(boolean all, int size, @Nullable String token) {
        // One that continued as new is the same one.
        String query =
                "WorkflowType = 'SandboxWorkflow' AND ExecutionStatus " + (all ? "!= 'ContinuedAsNew'" : "= 'Running'");
        ListWorkflowExecutionsResponse page =
                calls.call(stub -> stub.listWorkflowExecutions(ListWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .setQuery(query)
                        .setPageSize(size)
                        .setNextPageToken(token == null ? ByteString.EMPTY : TemporalRuns.pageToken(token))
                        .build()));
        ByteString next = page.getNextPageToken();
        return new Page(
                page.getExecutionsList().stream().map(this::listed).toList(),
                next.isEmpty() ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(next.toByteArray()));
    }

    /** What the workflow says, or empty when no worker answers. */
    public Optional<SessionView> view(SandboxId sandbox) {
        QueryWorkflowRequest request = QueryWorkflowRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(sandbox.value()))
                .setQuery(WorkflowQuery.newBuilder().setQueryType("view"))
                .build();
        try {
            return Optional.ofNullable(converter.fromPayloads(
                    0,
                    Optional.of(
                            calls.stub(QUERY_PATIENCE).queryWorkflow(request).getQueryResult()),
                    SessionView.class,
                    SessionView.class));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw unknown(sandbox);
            }
            return Optional.empty();
        }
    }

    private Listed listed(WorkflowExecutionInfo info) {
        RunInfo.Labels labels = RunAttributes.labels(info.getSearchAttributes());
        Payload memo = info.getMemo().getFieldsMap().get(SessionMemo.KEY);
        com.google.protobuf.Timestamp started = info.getStartTime();
        return new Listed(
                new SandboxId(info.getExecution().getWorkflowId()),
                info.getStatus() == io.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
                labels.state(),
                labels.author(),
                labels.outcome(),
                memo == null ? null : converter.fromPayload(memo, SessionMemo.class, SessionMemo.class),
                java.time.Instant.ofEpochSecond(started.getSeconds(), started.getNanos()));
    }

    public static AirlockException unknown(SandboxId sandbox) {
        return new AirlockException(
                ErrorCode.NOT_FOUND, "no sandbox " + sandbox, sandbox.value(), "`airlock sandbox list` lists them");
    }

    private static AirlockException late(SandboxId sandbox) {
        return new AirlockException(
                ErrorCode.TIMEOUT,
                sandbox + " did not answer in time",
                sandbox.value(),
                "the call may still be taken up; the same call id asks for its answer again");
    }

    private AirlockException noWorker(SandboxId sandbox) {
        return new AirlockException(
                ErrorCode.UNAVAILABLE,
                "no worker took the call on " + sandbox + " up within " + TAKEN_UP.toSeconds() + " s",
                sandbox.value(),
                "start `airlock worker`; the call may still be taken up when one comes");
    }

    private static Status.@Nullable Code code(@Nullable Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status) {
                return status.getStatus().getCode();
            }
        }
        return null;
    }
}
