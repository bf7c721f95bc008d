package dev.airlock.dev.temporal;

import com.google.protobuf.Duration;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.temporal.TemporalClients;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What must hold before anybody is told that the server is there. */
final class TemporalReadiness {
    private static final java.time.Duration LIMIT = java.time.Duration.ofSeconds(30);
    private static final java.time.Duration CALL = java.time.Duration.ofSeconds(5);
    private static final java.time.Duration POLL = java.time.Duration.ofMillis(50);

    /**
     * A request may come again as long as Kafka keeps it, and only a run that is remembered absorbs it: so runs are
     * remembered for longer, with room for clocks and late starts.
     */
    private static final java.time.Duration RETENTION = Topics.REQUEST_RETENTION.plusDays(23);

    private TemporalReadiness() {}

    /** Waits until the server answers; gives up early if it dies. */
    static void await(String target, BooleanSupplier alive) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (TemporalClients clients = TemporalClients.lazily(target)) {
            while (!answers(clients, alive, deadline)) {
                LockSupport.parkNanos(POLL.toNanos());
            }
            clients.registerSearchAttributes(LIMIT);
            remember(clients);
        }
    }

    private static boolean answers(TemporalClients clients, BooleanSupplier alive, long deadline) {
        try {
            clients.probe(CALL);
            return true;
        } catch (PlatformException e) {
            if (!alive.getAsBoolean() || System.nanoTime() - deadline > 0) {
                throw e;
            }
            // A refused connection makes gRPC wait a second and longer before it tries again.
            clients.stubs().getRawChannel().resetConnectBackoff();
            return false;
        }
    }

    private static void remember(TemporalClients clients) {
        var service = clients.stubs().blockingStub().withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS);
        Duration wanted =
                Duration.newBuilder().setSeconds(RETENTION.toSeconds()).build();
        Duration present = service.describeNamespace(DescribeNamespaceRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .build())
                .getConfig()
                .getWorkflowExecutionRetentionTtl();
        if (present.getSeconds() >= wanted.getSeconds()) {
            return;
        }
        service.updateNamespace(UpdateNamespaceRequest.newBuilder()
                .setNamespace(TemporalClients.NAMESPACE)
                .setConfig(NamespaceConfig.newBuilder().setWorkflowExecutionRetentionTtl(wanted))
                .build());
    }
}
