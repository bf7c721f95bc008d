package dev.airlock.starter.temporal;

import com.google.protobuf.ByteString;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.RunId;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the runs that Temporal closed without their say. Safe for many threads. */
public final class ClosedRuns {
    private static final String QUERY =
            "WorkflowType = 'ChangeWorkflow' AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Failed', 'Canceled')";
    private static final int PAGE = 100;

    private final TemporalCalls calls;
    private final DataConverter converter;
    private final String namespace;

    public ClosedRuns(WorkflowClient client) {
        this.calls = new TemporalCalls(client);
        this.converter = client.getOptions().getDataConverter();
        this.namespace = client.getOptions().getNamespace();
    }

    /**
     * A run that was closed from outside.
     *
     * @param incarnation its Temporal run id
     * @param ended when it was closed, by Temporal's clock
     */
    public record Closed(RunId run, String incarnation, Instant ended) {}

    /**
     * What its history tells of it.
     *
     * @param original the Temporal run id that the run began with; another one if it was reset
     * @param reason one line for people
     */
    public record Story(ChangeRequest request, String original, Instant started, String reason) {}

    /**
     * Hands out those that Temporal still remembers, in no particular order.
     *
     * @param since those closed before are left out; absent for all
     */
    public void all(@Nullable Instant since, Consumer<Closed> sink) {
        String query = since == null ? QUERY : QUERY + " AND CloseTime >= '" + since + "'";
        ByteString next = ByteString.EMPTY;
        do {
            ByteString page = next;
            ListWorkflowExecutionsResponse answer =
                    calls.call(stub -> stub.listWorkflowExecutions(ListWorkflowExecutionsRequest.newBuilder()
                            .setNamespace(namespace)
                            .setQuery(query)
                            .setPageSize(PAGE)
                            .setNextPageToken(page)
                            .build()));
            for (WorkflowExecutionInfo info : answer.getExecutionsList()) {
                closed(info).ifPresent(sink);
            }
            next = answer.getNextPageToken();
        } while (!next.isEmpty());
    }

    /** Whether nothing of that run came after it: a reset closes an execution too, and another one goes on. */
    public boolean isLast(Closed closed) {
        return calls.find(stub -> stub.describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(WorkflowExecution.newBuilder()
                                .setWorkflowId(closed.run().value()))
                        .build()))
                .map(answer -> answer.getWorkflowExecutionInfo().getExecution().getRunId())
                .filter(closed.incarnation()::equals)
                .isPresent();
    }

    /** Empty if Temporal has forgotten it, or if it is no run of ours. */
    public Optional<Story> story(Closed closed) {
        List<HistoryEvent> begin = page(closed, HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT);
        List<HistoryEvent> end = page(closed, HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT);
        if (begin.isEmpty() || end.isEmpty()) {
            return Optional.empty();
        }
        HistoryEvent first = begin.getFirst();
        WorkflowExecutionStartedEventAttributes start = first.getWorkflowExecutionStartedEventAttributes();
        ChangeRequest request = request(start.getInput());
        return request == null
                ? Optional.empty()
                : Optional.of(new Story(
                        request,
                        start.getOriginalExecutionRunId(),
                        TemporalRuns.instant(first.getEventTime()),
                        reason(end.getLast())));
    }

    private static Optional<Closed> closed(WorkflowExecutionInfo info) {
        try {
            return Optional.of(new Closed(
                    new RunId(info.getExecution().getWorkflowId()),
                    info.getExecution().getRunId(),
                    TemporalRuns.instant(info.getCloseTime())));
        } catch (IllegalArgumentException e) {
            // Somebody else's workflow of the same name.
            return Optional.empty();
        }
    }

    private @Nullable ChangeRequest request(Payloads input) {
        try {
            return converter.fromPayloads(0, Optional.of(input), ChangeRequest.class, ChangeRequest.class);
        } catch (DataConverterException e) {
            // Somebody else's workflow of the same name and form of id.
            return null;
        }
    }

    /** The first events, or the last one. */
    private List<HistoryEvent> page(Closed closed, HistoryEventFilterType filter) {
        return calls.find(stub -> stub.getWorkflowExecutionHistory(GetWorkflowExecutionHistoryRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(WorkflowExecution.newBuilder()
                                .setWorkflowId(closed.run().value())
                                .setRunId(closed.incarnation()))
                        .setHistoryEventFilterType(filter)
                        .setMaximumPageSize(1)
                        .build()))
                .map(answer -> answer.getHistory().getEventsList())
                .orElse(List.of());
    }

    private static String reason(HistoryEvent last) {
        return switch (last.getEventType()) {
            case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED ->
                "terminated in Temporal: "
                        + last.getWorkflowExecutionTerminatedEventAttributes().getReason();
            case EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT -> "timed out in Temporal";
            case EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED -> "cancelled in Temporal";
            case EVENT_TYPE_WORKFLOW_EXECUTION_FAILED ->
                "failed in Temporal: "
                        + last.getWorkflowExecutionFailedEventAttributes()
                                .getFailure()
                                .getMessage();
            default -> "closed in Temporal";
        };
    }
}
