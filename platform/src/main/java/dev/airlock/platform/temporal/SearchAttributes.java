package dev.airlock.platform.temporal;

import dev.airlock.platform.failure.PlatformException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The attributes by which runs are found (all of type Keyword). */
public final class SearchAttributes {
    /** Their names. */
    public static final List<String> NAMES =
            List.of("AirlockWorkspace", "AirlockState", "AirlockAuthor", "AirlockPipeline", "AirlockOutcome");

    private static final Duration CALL = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private SearchAttributes() {}

    static void register(WorkflowServiceStubs stubs, String target, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(stubs.getRawChannel())
                .validateAndBuildWithDefaults());
        // Right after the registration the server still answers "no mapping defined" for a second or so.
        while (!attempt(operator, stubs, target, deadline)) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Whether all of them can be used now. */
    private static boolean attempt(
            OperatorServiceStubs operator, WorkflowServiceStubs stubs, String target, long deadline) {
        try {
            addMissing(operator);
            stubs.blockingStub()
                    .withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS)
                    .countWorkflowExecutions(CountWorkflowExecutionsRequest.newBuilder()
                            .setNamespace(TemporalClients.NAMESPACE)
                            .setQuery(NAMES.stream()
                                    .map(name -> name + " = 'none'")
                                    .collect(Collectors.joining(" AND ")))
                            .build());
            return true;
        } catch (StatusRuntimeException e) {
            if (System.nanoTime() - deadline < 0) {
                return false;
            }
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "Temporal at " + target + " does not take our search attributes ("
                            + e.getStatus().getCode() + ")",
                    target,
                    "register " + String.join(", ", NAMES) + " as Keyword with `temporal operator search-attribute"
                            + " create`, or allow this client to",
                    e);
        }
    }

    private static void addMissing(OperatorServiceStubs operator) {
        Set<String> known = operator.blockingStub()
                .withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS)
                .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .build())
                .getCustomAttributesMap()
                .keySet();
        AddSearchAttributesRequest.Builder missing =
                AddSearchAttributesRequest.newBuilder().setNamespace(TemporalClients.NAMESPACE);
        NAMES.stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> missing.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
        if (missing.getSearchAttributesCount() == 0) {
            return;
        }
        try {
            operator.blockingStub()
                    .withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS)
                    .addSearchAttributes(missing.build());
        } catch (StatusRuntimeException e) {
            // Another process was faster.
            if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
                throw e;
            }
        }
    }
}
