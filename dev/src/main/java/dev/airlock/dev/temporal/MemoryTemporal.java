package dev.airlock.dev.temporal;

import dev.airlock.dev.ports.Ports;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.temporal.TemporalClients;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The SDK's in-memory Temporal in this process, on loopback only, in real time.
 *
 * <p>Nothing of it survives the process. Its lists and counts are ours ({@link MemoryVisibility}); it has no reset, no schedules
 * and no web UI. It never takes a workflow task back from the private queue of a worker that died, so workers must not have one:
 * {@link dev.airlock.platform.state.Endpoints.Temporal#inMemory}.
 */
public final class MemoryTemporal implements AutoCloseable {
    /** What a person must know before relying on it. */
    public static final String WARNING =
            "Temporal is kept in memory: when this process ends, all runs, open and ended, are forgotten (what they"
                    + " promoted and their audit trail stay)";

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int PORT_TRIES = 3;

    /** The largest message that Temporal's clients send or take. */
    private static final int LARGEST_MESSAGE = 128 * 1024 * 1024;

    private final TestServicesStarter services;
    private final Server server;

    private MemoryTemporal(TestServicesStarter services, Server server) {
        this.services = services;
        this.server = server;
    }

    /**
     * Starts it, and returns when it answers and knows our search attributes.
     *
     * @throws PlatformException with code UNAVAILABLE if it does not come up
     */
    public static MemoryTemporal start(Ports ports) throws IOException {
        // Locked means that time is the wall clock's and never skips; 0 begins now.
        TestServicesStarter services = new TestServicesStarter(true, 0);
        MemoryTemporal memory;
        try {
            memory = new MemoryTemporal(services, bound(services, ports));
        } catch (IOException | RuntimeException e) {
            services.close();
            throw e;
        }
        try (TemporalClients clients = TemporalClients.connect(memory.target(), START)) {
            clients.registerSearchAttributes(START);
            return memory;
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static Server bound(TestServicesStarter services, Ports ports) throws IOException {
        int port = ports.of("temporal");
        for (int i = 1; ; i++) {
            try {
                return server(services, port).start();
            } catch (IOException e) {
                if (i == PORT_TRIES) {
                    throw e;
                }
                port = ports.fresh("temporal");
            }
        }
    }

    private static Server server(TestServicesStarter services, int port) {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .addService(MemoryVisibility.added(services.getWorkflowService()))
                .addService(MemoryAttributes.added(services.getOperatorService()))
                .build();
    }

    /** {@code HOST:PORT} of the frontend. */
    public String target() {
        return "127.0.0.1:" + server.getPort();
    }

    /** Ends it, and everything that it knew. */
    @Override
    public void close() {
        // Workers hold long polls open: an orderly end would wait for them.
        server.shutdownNow();
        try {
            server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        services.close();
    }
}
