package dev.airlock.worker;

import dev.airlock.activities.sandbox.SandboxClaim;
import dev.airlock.activities.sandbox.SandboxSweep;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.SessionMemo;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.errordetails.v1.NotFoundFailure;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import io.temporal.serviceclient.StatusUtils;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal says that a run may still want of its sandboxes.
 *
 * <p>One answer is one state of the run: what it waits for and what it has still to decide are seen together. So a run that
 * has neither a job pending nor a decision to take has no sandbox in use, also when its worker has just died.
 */
final class RunClaims implements SandboxSweep.Claims {
    private static final long ANSWER_SECONDS = 3;
    private static final String JOB = "Sandbox_";

    private final TemporalClients temporal;

    RunClaims(TemporalClients temporal) {
        this.temporal = temporal;
    }

    @Override
    public SandboxClaim of(RunId run) throws IOException {
        try {
            DataConverter converter = temporal.client().getOptions().getDataConverter();
            DescribeWorkflowExecutionResponse described = describe(run);
            return run.isSandbox() ? readSandbox(described, converter) : read(described, converter);
        } catch (StatusRuntimeException e) {
            if (StatusUtils.hasFailure(e, NotFoundFailure.class)) {
                return SandboxClaim.only(Set.of(), "Temporal does not know its run");
            }
            throw new IOException(
                    "Temporal at " + temporal.target() + " does not say whether " + run + " is open (" + e.getStatus()
                            + "), so its sandboxes stay",
                    e);
        }
    }

    private DescribeWorkflowExecutionResponse describe(RunId run) {
        return temporal.stubs()
                .blockingStub()
                .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(run.value()))
                        .build());
    }

    static SandboxClaim read(DescribeWorkflowExecutionResponse run, DataConverter converter) {
        WorkflowExecutionStatus status = run.getWorkflowExecutionInfo().getStatus();
        if (isClosed(status)) {
            String word = status.name().replace("WORKFLOW_EXECUTION_STATUS_", "");
            return SandboxClaim.only(Set.of(), "its run is over (" + word + ")");
        }
        if (run.hasPendingWorkflowTask()) {
            return SandboxClaim.all("its run has to decide what comes next");
        }
        return inUse(run.getPendingActivitiesList(), converter);
    }

    /** An interactive sandbox wants the container that its memo names; until one is named, it may be about to be. */
    static SandboxClaim readSandbox(DescribeWorkflowExecutionResponse sandbox, DataConverter converter) {
        WorkflowExecutionStatus status = sandbox.getWorkflowExecutionInfo().getStatus();
        if (isClosed(status)) {
            String word = status.name().replace("WORKFLOW_EXECUTION_STATUS_", "");
            return SandboxClaim.only(Set.of(), "its sandbox is over (" + word + ")");
        }
        Payload memo =
                sandbox.getWorkflowExecutionInfo().getMemo().getFieldsMap().get(SessionMemo.KEY);
        boolean deciding = sandbox.hasPendingWorkflowTask() || sandbox.getPendingActivitiesCount() > 0;
        if (memo == null || deciding) {
            return SandboxClaim.all("its sandbox is open");
        }
        String container;
        try {
            container = converter
                    .fromPayload(memo, SessionMemo.class, SessionMemo.class)
                    .container();
        } catch (DataConverterException e) {
            return SandboxClaim.all("its sandbox is open and its memo does not read");
        }
        return container == null
                ? SandboxClaim.only(Set.of(), "its sandbox is open and has no container now")
                : SandboxClaim.only(Set.of(container), "its sandbox is open and in another: " + container);
    }

    /** A status that this version does not know is no reason to remove anything. */
    private static boolean isClosed(WorkflowExecutionStatus status) {
        return switch (status) {
            case WORKFLOW_EXECUTION_STATUS_COMPLETED,
                    WORKFLOW_EXECUTION_STATUS_FAILED,
                    WORKFLOW_EXECUTION_STATUS_CANCELED,
                    WORKFLOW_EXECUTION_STATUS_TERMINATED,
                    WORKFLOW_EXECUTION_STATUS_TIMED_OUT -> true;
            default -> false;
        };
    }

    private static SandboxClaim inUse(List<PendingActivityInfo> pending, DataConverter converter) {
        Set<String> names = new HashSet<>();
        for (PendingActivityInfo activity : pending) {
            if (!activity.getActivityType().getName().startsWith(JOB)) {
                continue;
            }
            SandboxPlace place = place(activity, converter);
            if (place == null) {
                return SandboxClaim.all("its run has a job that has not said where it is");
            }
            names.add(place.container());
        }
        return SandboxClaim.only(
                names, names.isEmpty() ? "its run is open and has no job" : "its run is open and at another: " + names);
    }

    private static @Nullable SandboxPlace place(PendingActivityInfo activity, DataConverter converter) {
        if (activity.getHeartbeatDetails().getPayloadsCount() == 0) {
            return null;
        }
        try {
            return converter.fromPayloads(
                    0, Optional.of(activity.getHeartbeatDetails()), SandboxPlace.class, SandboxPlace.class);
        } catch (DataConverterException e) {
            return null;
        }
    }
}
