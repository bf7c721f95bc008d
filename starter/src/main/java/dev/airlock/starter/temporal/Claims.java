package dev.airlock.starter.temporal;

import dev.airlock.workflows.id.RunId;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Names that a run holds for a while: each a workflow of its own id that nobody ever works on, and which the server ends by its time
 * limit. Its memo says who holds it. Taking one is atomic among all processes.
 */
public final class Claims {
    private static final String TYPE = "DedupeClaim";
    private static final String QUEUE = "airlock-claims";
    private static final String RUN = "airlock.run";
    private static final String AT = "airlock.at";
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final WorkflowClient client;
    private final TemporalCalls calls;
    private final DataConverter converter;

    public Claims(WorkflowClient client) {
        this.client = client;
        this.calls = new TemporalCalls(client);
        this.converter = client.getOptions().getDataConverter();
    }

    /**
     * @param execution Temporal's id of this holding of the name; empty for one that is to be taken
     * @param at when what the run answers came in
     * @param released whether it was given back before its time
     */
    public record Claim(String name, String execution, RunId run, Instant at, boolean released) {}

    /** Who holds the name, or was the last that did. */
    public Optional<Claim> find(String name) {
        return calls.find(stub -> stub.describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(name))
                        .build()))
                .map(answer -> claim(answer.getWorkflowExecutionInfo()));
    }

    private Claim claim(WorkflowExecutionInfo info) {
        return new Claim(
                info.getExecution().getWorkflowId(),
                info.getExecution().getRunId(),
                new RunId(text(info, RUN)),
                Instant.parse(text(info, AT)),
                info.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
    }

    private String text(WorkflowExecutionInfo info, String key) {
        Payload payload = info.getMemo().getFieldsOrThrow(key);
        return converter.fromPayload(payload, String.class, String.class);
    }

    /**
     * @param length after which it frees itself
     * @return false if somebody holds it
     */
    public boolean take(String name, Claim claim, Duration length) {
        Duration limit = length.compareTo(SHORTEST) < 0 ? SHORTEST : length;
        WorkflowOptions options = WorkflowOptions.newBuilder()
                .setWorkflowId(name)
                .setTaskQueue(QUEUE)
                .setWorkflowRunTimeout(limit)
                .setWorkflowExecutionTimeout(limit)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setMemo(Map.of(RUN, claim.run().value(), AT, claim.at().toString()))
                .build();
        try {
            TemporalCalls.within(
                    TemporalCalls.PATIENCE,
                    () -> client.newUntypedWorkflowStub(TYPE, options).start());
            return true;
        } catch (WorkflowExecutionAlreadyStarted e) {
            return false;
        } catch (WorkflowServiceException e) {
            throw calls.translate(e);
        } catch (StatusRuntimeException e) {
            throw calls.translate(e);
        }
    }

    /** Ends this holding of the name; if it has ended already, nothing happens. */
    public void release(Claim claim) {
        calls.find(stub -> stub.terminateWorkflowExecution(TerminateWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setWorkflowExecution(WorkflowExecution.newBuilder()
                        .setWorkflowId(claim.name())
                        .setRunId(claim.execution()))
                .setReason("the key is free again")
                .build()));
    }
}
