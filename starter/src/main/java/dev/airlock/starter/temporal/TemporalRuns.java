package dev.airlock.starter.temporal;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeResult;
import dev.airlock.workflows.change.ChangeView;
import dev.airlock.workflows.id.RunId;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.query.v1.WorkflowQuery;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.QueryWorkflowRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads runs from Temporal. Every method answers or fails within seconds, also with no worker up; an unknown run is an empty
 * answer or {@code NOT_FOUND}, a server that is down {@code UNAVAILABLE}. Safe for many threads.
 */
public final class TemporalRuns {
    /** How long a worker gets to answer a query before it counts as absent. */
    private static final Duration QUERY_PATIENCE = Duration.ofMillis(1500);

    private static final Duration MOMENT = Duration.ofMillis(250);

    private final TemporalCalls calls;
    private final DataConverter converter;
    private final String namespace;

    public TemporalRuns(WorkflowClient client) {
        this.calls = new TemporalCalls(client);
        this.converter = client.getOptions().getDataConverter();
        this.namespace = client.getOptions().getNamespace();
    }

    public Optional<RunInfo> find(RunId run) {
        return calls.find(stub -> stub.describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(execution(run))
                        .build()))
                .map(answer -> info(answer.getWorkflowExecutionInfo()));
    }

    public RunInfo get(RunId run) {
        return find(run).orElseThrow(() -> unknown(run));
    }

    /** What the worker says, or empty when none answers. */
    public Optional<ChangeView> query(RunId run) {
        QueryWorkflowRequest request = QueryWorkflowRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(execution(run))
                .setQuery(WorkflowQuery.newBuilder().setQueryType("view"))
                .build();
        try {
            Payloads answer = calls.stub(QUERY_PATIENCE).queryWorkflow(request).getQueryResult();
            return Optional.ofNullable(decode(answer, ChangeView.class));
        } catch (StatusRuntimeException e) {
            return switch (e.getStatus().getCode()) {
                // No poller, a poller that does not answer, or a worker whose code cannot replay this run: the caller
                // has other sources, and a server that is really down will say so there.
                case DEADLINE_EXCEEDED, UNAVAILABLE, FAILED_PRECONDITION, INVALID_ARGUMENT, RESOURCE_EXHAUSTED ->
                    Optional.empty();
                default -> throw calls.translate(e);
            };
        }
    }

    /** What the run was started with. */
    public ChangeRequest request(RunId run) {
        GetWorkflowExecutionHistoryResponse page = calls.find(stub -> stub.getWorkflowExecutionHistory(
                        historyOf(run).setMaximumPageSize(1).build()))
                .orElseThrow(() -> unknown(run));
        Payloads input = page.getHistory()
                .getEvents(0)
                .getWorkflowExecutionStartedEventAttributes()
                .getInput();
        ChangeRequest request = decode(input, ChangeRequest.class);
        if (request == null) {
            throw unknown(run);
        }
        return request;
    }

    /** How the run ended; empty while it is open, and when it was ended from outside. */
    public Optional<ChangeResult> result(RunId run) {
        return closeEvent(run, Duration.ZERO).flatMap(event -> {
            if (!event.hasWorkflowExecutionCompletedEventAttributes()) {
                return Optional.empty();
            }
            Payloads result =
                    event.getWorkflowExecutionCompletedEventAttributes().getResult();
            return Optional.ofNullable(decode(result, ChangeResult.class));
        });
    }

    /**
     * Waits for the run's end, if only for a moment: asked for the end of an open run without a wait, the server holds the
     * call until its own deadline.
     */
    public boolean awaitClose(RunId run, Duration patience) {
        return closeEvent(run, patience.compareTo(MOMENT) < 0 ? MOMENT : patience)
                .isPresent();
    }

    /** The whole history, oldest first. */
    public List<HistoryEvent> history(RunId run) {
        List<HistoryEvent> events = new ArrayList<>();
        ByteString next = ByteString.EMPTY;
        do {
            GetWorkflowExecutionHistoryRequest request =
                    historyOf(run).setNextPageToken(next).build();
            GetWorkflowExecutionHistoryResponse page = calls.find(stub -> stub.getWorkflowExecutionHistory(request))
                    .orElseThrow(() -> unknown(run));
            events.addAll(page.getHistory().getEventsList());
            next = page.getNextPageToken();
        } while (!next.isEmpty());
        return events;
    }

    /** One page of runs in the server's order: open ones first, each group newest first. */
    public RunPage list(@Nullable String state, @Nullable String workspace, int size, @Nullable String token) {
        ListWorkflowExecutionsResponse page =
                calls.call(stub -> stub.listWorkflowExecutions(ListWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .setQuery(VisibilityQuery.changes(state, workspace))
                        .setPageSize(size)
                        .setNextPageToken(token == null ? ByteString.EMPTY : pageToken(token))
                        .build()));
        List<RunInfo> items = page.getExecutionsList().stream().map(this::info).toList();
        ByteString next = page.getNextPageToken();
        return new RunPage(
                items,
                next.isEmpty() ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(next.toByteArray()));
    }

    /** How many runs of a workspace are open; the server's count may lag by a second or so. */
    public long countOpen(String workspace) {
        return calls.call(stub -> stub.countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .setQuery(VisibilityQuery.open(workspace))
                        .build()))
                .getCount();
    }

    /** A value out of history; absent when there is none. */
    public <T> @Nullable T decode(Payloads payloads, Class<T> type) {
        return converter.fromPayloads(0, Optional.of(payloads), type, type);
    }

    /** A text out of history; empty when there is none. */
    public String text(Payload payload) {
        String text =
                payload.getMetadataMap().isEmpty() ? "" : converter.fromPayload(payload, String.class, String.class);
        return text == null ? "" : text;
    }

    private Optional<HistoryEvent> closeEvent(RunId run, Duration patience) {
        GetWorkflowExecutionHistoryRequest.Builder request =
                historyOf(run).setHistoryEventFilterType(HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT);
        if (patience.isZero()) {
            return calls.find(stub -> stub.getWorkflowExecutionHistory(request.build()))
                    .flatMap(TemporalRuns::close);
        }
        long end = System.nanoTime() + patience.toNanos();
        request.setWaitNewEvent(true);
        for (long left = patience.toNanos(); left > 0; left = end - System.nanoTime()) {
            Optional<GetWorkflowExecutionHistoryResponse> page =
                    calls.poll(Duration.ofNanos(left), stub -> stub.getWorkflowExecutionHistory(request.build()));
            Optional<HistoryEvent> event = page.flatMap(TemporalRuns::close);
            if (event.isPresent() || page.isEmpty()) {
                return event;
            }
            // The server ends a long poll by itself after a while and hands out a token to go on with.
            request.setNextPageToken(page.get().getNextPageToken());
        }
        return Optional.empty();
    }

    private static Optional<HistoryEvent> close(GetWorkflowExecutionHistoryResponse page) {
        return page.getHistory().getEventsList().stream()
                .filter(event -> !event.hasWorkflowExecutionStartedEventAttributes())
                .reduce((earlier, later) -> later)
                .filter(TemporalRuns::closes);
    }

    private static boolean closes(HistoryEvent event) {
        return switch (event.getEventType()) {
            case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
                    EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
                    EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED -> true;
            default -> false;
        };
    }

    private RunInfo info(WorkflowExecutionInfo info) {
        RunInfo.Close close = switch (info.getStatus()) {
            case WORKFLOW_EXECUTION_STATUS_RUNNING -> RunInfo.Close.OPEN;
            case WORKFLOW_EXECUTION_STATUS_COMPLETED -> RunInfo.Close.COMPLETED;
            default -> RunInfo.Close.ABANDONED;
        };
        boolean ended = info.getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
        return new RunInfo(
                new RunId(info.getExecution().getWorkflowId()),
                close,
                RunAttributes.labels(info.getSearchAttributes()),
                RunAttributes.target(info.getMemo(), converter),
                instant(info.getStartTime()),
                ended ? instant(info.getCloseTime()) : null);
    }

    private GetWorkflowExecutionHistoryRequest.Builder historyOf(RunId run) {
        return GetWorkflowExecutionHistoryRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(execution(run));
    }

    private static WorkflowExecution execution(RunId run) {
        return WorkflowExecution.newBuilder().setWorkflowId(run.value()).build();
    }

    /** The same moment in Java's terms. */
    public static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    static ByteString pageToken(String token) {
        try {
            return ByteString.copyFrom(Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            throw new AirlockException(
                            ErrorCode.USAGE,
                            "not a page token: " + token,
                            token,
                            "pass what `next` of the page before holds")
                    .causedBy(e);
        }
    }

    static AirlockException unknown(RunId run) {
        return new AirlockException(
                ErrorCode.NOT_FOUND,
                "no run " + run,
                run.value(),
                "`airlock runs` lists them; an ended run is forgotten once its retention has passed");
    }
}
