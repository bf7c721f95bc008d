package dev.airlock.platform.temporal;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.workflows.Payloads;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a Temporal frontend, and the client on it.
 *
 * <p>Thread-safe; one per process is enough. {@link #close()} ends the connection.
 */
public final class TemporalClients implements AutoCloseable {
    /** The namespace that everything lives in. */
    public static final String NAMESPACE = "default";

    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final String target;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;

    private TemporalClients(String target, WorkflowServiceStubs stubs) {
        this.target = target;
        this.stubs = stubs;
        this.client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setDataConverter(Payloads.converter(List.of()))
                        .build());
    }

    /**
     * A connection to {@code HOST:PORT} that has answered.
     *
     * @throws PlatformException with code UNAVAILABLE if it does not answer within three seconds
     */
    public static TemporalClients connect(String target) {
        return connect(target, ANSWER);
    }

    /** As above, waiting for at most {@code answer}. */
    public static TemporalClients connect(String target, Duration answer) {
        return connect(target, answer, Telemetry.off());
    }

    /** As above, telling what it does. */
    public static TemporalClients connect(String target, Telemetry telemetry) {
        return connect(target, ANSWER, telemetry);
    }

    private static TemporalClients connect(String target, Duration answer, Telemetry telemetry) {
        TemporalClients clients = lazily(target, telemetry);
        try {
            clients.probe(answer);
            return clients;
        } catch (RuntimeException e) {
            clients.stubs.shutdownNow();
            throw e;
        }
    }

    /** A connection that is made by the first call; it may be set up before the server runs. */
    public static TemporalClients lazily(String target) {
        return lazily(target, Telemetry.off());
    }

    /** As above, telling what it does. */
    public static TemporalClients lazily(String target, Telemetry telemetry) {
        try {
            WorkflowServiceStubsOptions options = WorkflowServiceStubsOptions.newBuilder()
                    .setTarget(target)
                    .setMetricsScope(telemetry.temporal())
                    .build();
            return new TemporalClients(target, WorkflowServiceStubs.newServiceStubs(options));
        } catch (IllegalArgumentException e) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    "not an address of a Temporal server: " + target,
                    target,
                    "write HOST:PORT",
                    e);
        }
    }

    /**
     * Asks the server for something that it must read from its database: a server without its database still calls itself
     * healthy.
     *
     * @throws PlatformException with code UNAVAILABLE if there is no answer in time
     */
    public void probe(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            stubs.blockingStub()
                    .withDeadlineAfter(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(NAMESPACE)
                            .build());
        } catch (StatusRuntimeException e) {
            throw unavailable(e);
        }
    }

    PlatformException unavailable(StatusRuntimeException cause) {
        if (cause.getStatus().getCode() == Status.Code.NOT_FOUND) {
            return PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "the Temporal server at " + target + " has no namespace " + NAMESPACE,
                    target,
                    "make it: temporal operator namespace create -n " + NAMESPACE + " --address " + target,
                    cause);
        }
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "Temporal at " + target + " does not answer ("
                        + cause.getStatus().getCode() + ")",
                target,
                "is `airlock dev` running? Its log is in the logs directory of its state directory",
                cause);
    }

    /**
     * Makes the server know our search attributes, and waits until it takes them. Does nothing if it does.
     *
     * @throws PlatformException with code UNAVAILABLE if that cannot be had within {@code limit}
     */
    public void registerSearchAttributes(Duration limit) {
        SearchAttributes.register(stubs, target, limit);
    }

    /** {@code HOST:PORT}. */
    public String target() {
        return target;
    }

    /** The client, with our converter. */
    public WorkflowClient client() {
        return client;
    }

    /** The raw service, for what the client has no method for. */
    public WorkflowServiceStubs stubs() {
        return stubs;
    }

    @Override
    public void close() {
        stubs.shutdown();
        stubs.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        if (!stubs.isTerminated()) {
            stubs.shutdownNow();
        }
    }
}
