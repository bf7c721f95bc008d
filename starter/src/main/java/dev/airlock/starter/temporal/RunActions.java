package dev.airlock.starter.temporal;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.id.RunId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes runs in Temporal: starts them and sends them updates. Every method ends within its patience. */
public final class RunActions {
    private static final Duration START_PATIENCE = Duration.ofSeconds(15);

    /** A workflow task on a worker that died goes to another after this; the server's default is twice that. */
    private static final Duration TASK_TIMEOUT = Duration.ofSeconds(5);

    private final WorkflowClient client;
    private final TemporalCalls calls;
    private final TemporalRuns runs;
    private final Duration patience;

    /** @param patience how long a run gets to answer an update */
    public RunActions(WorkflowClient client, Duration patience) {
        this.client = client;
        this.calls = new TemporalCalls(client);
        this.runs = new TemporalRuns(client);
        this.patience = patience;
    }

    /**
     * Starts the run unless it was ever started before, whether it is still open or not.
     *
     * @return whether this call started it
     */
    public boolean start(RunId run, ChangeRequest request) {
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setWorkflowId(run.value())
                .setTaskQueue(TaskQueues.MAIN)
                .setWorkflowTaskTimeout(TASK_TIMEOUT)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                // To fail, rather than to use the open one, is what tells this call's start from an earlier one's.
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setTypedSearchAttributes(RunAttributes.search(request))
                .setMemo(RunAttributes.memo(request))
                .setStaticSummary(request.origin().description())
                .build();
        try {
            TemporalCalls.within(
                    START_PATIENCE,
                    () -> client.newUntypedWorkflowStub("ChangeWorkflow", options)
                            .start(request));
            return true;
        } catch (WorkflowExecutionAlreadyStarted e) {
            return false;
        } catch (WorkflowException | StatusRuntimeException e) {
            // No worker has a part in it, so that Temporal alone did not answer, or refused.
            StatusRuntimeException status = status(e);
            throw status == null ? internal(run, e) : calls.translate(status);
        }
    }

    /**
     * Sends an update and waits for what the run's loop makes of it.
     *
     * @param id the same id is the same update, also after it was answered
     * @throws AirlockException with the code that a validator refused it with; {@code ALREADY_DECIDED} when the run has ended;
     *     {@code UNAVAILABLE} when no worker took it up in time
     */
    public <T> T update(RunId run, String name, String id, Class<T> answer, Object argument) {
        UpdateOptions<T> options = UpdateOptions.newBuilder(answer)
                .setUpdateName(name)
                .setUpdateId(id)
                .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                .build();
        try {
            return TemporalCalls.within(
                    patience,
                    () -> client.newUntypedWorkflowStub(run.value())
                            .startUpdate(options, argument)
                            .getResult());
        } catch (WorkflowUpdateException e) {
            throw refusal(run, e);
        } catch (WorkflowException | StatusRuntimeException e) {
            throw translate(run, e);
        }
    }

    /**
     * Sends a signal; the server keeps it for the run's worker.
     *
     * @throws AirlockException {@code ALREADY_DECIDED} when the run has ended, {@code NOT_FOUND} when there is none
     */
    public void signal(RunId run, String name, Object argument) {
        try {
            TemporalCalls.within(START_PATIENCE, () -> {
                client.newUntypedWorkflowStub(run.value()).signal(name, argument);
                return true;
            });
        } catch (WorkflowException | StatusRuntimeException e) {
            throw translate(run, e);
        }
    }

    private static AirlockException refusal(RunId run, WorkflowUpdateException e) {
        if (!(e.getCause() instanceof ApplicationFailure failure)) {
            return internal(run, e);
        }
        Optional<ErrorCode> code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.name().equals(failure.getType()))
                .findFirst();
        return code.map(known -> new AirlockException(
                                known, failure.getOriginalMessage(), run.value(), Refusals.hint(known, run))
                        .causedBy(e))
                .orElseGet(() -> internal(run, e));
    }

    private AirlockException translate(RunId run, RuntimeException e) {
        StatusRuntimeException status = status(e);
        Status.Code code =
                status == null ? Status.Code.UNKNOWN : status.getStatus().getCode();
        if (e instanceof WorkflowNotFoundException || code == Status.Code.NOT_FOUND) {
            return gone(run).causedBy(e);
        }
        if (code == Status.Code.FAILED_PRECONDITION) {
            return new AirlockException(
                            ErrorCode.UNAVAILABLE,
                            "the workers that had " + run + " last died, or cannot carry it on",
                            run.value(),
                            "try again; if that does not help, look at the worker's log: the run goes on once that is"
                                    + " mended")
                    .causedBy(e);
        }
        if (code == Status.Code.UNAVAILABLE && status != null) {
            return calls.translate(status);
        }
        if (e instanceof WorkflowServiceException
                && code != Status.Code.DEADLINE_EXCEEDED
                && code != Status.Code.CANCELLED) {
            return status == null ? internal(run, e) : calls.translate(status);
        }
        return late(run).causedBy(e);
    }

    private AirlockException gone(RunId run) {
        return runs.find(run)
                .map(info -> new AirlockException(
                        ErrorCode.ALREADY_DECIDED,
                        run + " has ended" + outcome(info),
                        run.value(),
                        "see `airlock status " + run + "`"))
                .orElseGet(() -> TemporalRuns.unknown(run));
    }

    private static String outcome(RunInfo info) {
        return info.labels().outcome() == null ? "" : ": " + info.labels().outcome();
    }

    private AirlockException late(RunId run) {
        if (runs.query(run).isEmpty()) {
            return new AirlockException(
                    ErrorCode.UNAVAILABLE,
                    "no worker answered for " + run + " within " + patience.toSeconds() + " s",
                    run.value(),
                    "start `airlock worker`; the request may still be taken up when one comes");
        }
        return new AirlockException(
                ErrorCode.TIMEOUT,
                run + " did not answer within " + patience.toSeconds() + " s",
                run.value(),
                "see `airlock status " + run + "`; the request may still be taken up");
    }

    private static AirlockException internal(RunId run, Throwable cause) {
        return new AirlockException(
                        ErrorCode.INTERNAL,
                        run + " could not take the request: " + cause.getMessage(),
                        run.value(),
                        "look at the worker's log")
                .causedBy(cause);
    }

    private static @Nullable StatusRuntimeException status(@Nullable Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status) {
                return status;
            }
        }
        return null;
    }
}
