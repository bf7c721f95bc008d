package dev.airlock.platform.temporal;

import dev.airlock.platform.failure.PlatformException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a Temporal server says of itself, for who wants to know whether it will do.
 *
 * @param version of the server; empty when it does not tell
 * @param retention how long our namespace remembers closed runs; absent when the server does not tell
 * @param missing search attributes that it does not know; absent when it does not tell
 */
public record TemporalFacts(
        String version,
        @Nullable Duration retention,
        @Nullable List<String> missing) {

    public TemporalFacts {
        missing = missing == null ? null : List.copyOf(missing);
    }

    /**
     * Asks.
     *
     * @param limit how long each answer may take
     * @throws PlatformException with code UNAVAILABLE when there is none, or no namespace of ours
     */
    public static TemporalFacts read(String target, Duration limit) {
        try (TemporalClients clients = TemporalClients.lazily(target)) {
            String version = version(clients, limit);
            try {
                return new TemporalFacts(version, retention(clients, limit), missing(clients, limit));
            } catch (StatusRuntimeException e) {
                throw clients.unavailable(e);
            }
        }
    }

    private static String version(TemporalClients clients, Duration limit) {
        try {
            return clients.stubs()
                    .blockingStub()
                    .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .getSystemInfo(GetSystemInfoRequest.getDefaultInstance())
                    .getServerVersion();
        } catch (StatusRuntimeException e) {
            if (isSilent(e)) {
                return "";
            }
            throw clients.unavailable(e);
        }
    }

    private static @Nullable Duration retention(TemporalClients clients, Duration limit) {
        try {
            long seconds = clients.stubs()
                    .blockingStub()
                    .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(TemporalClients.NAMESPACE)
                            .build())
                    .getConfig()
                    .getWorkflowExecutionRetentionTtl()
                    .getSeconds();
            return seconds == 0 ? null : Duration.ofSeconds(seconds);
        } catch (StatusRuntimeException e) {
            if (isSilent(e)) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable List<String> missing(TemporalClients clients, Duration limit) {
        OperatorServiceStubs operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(clients.stubs().getRawChannel())
                .validateAndBuildWithDefaults());
        try {
            Set<String> known = operator.blockingStub()
                    .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                            .setNamespace(TemporalClients.NAMESPACE)
                            .build())
                    .getCustomAttributesMap()
                    .keySet();
            List<String> missing = new ArrayList<>(SearchAttributes.NAMES);
            missing.removeAll(known);
            return missing;
        } catch (StatusRuntimeException e) {
            if (isSilent(e)) {
                return null;
            }
            throw e;
        }
    }

    /** It is there, and does not say. */
    private static boolean isSilent(StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        return code == Status.Code.UNIMPLEMENTED || code == Status.Code.PERMISSION_DENIED;
    }
}
