package dev.airlock.platform.telemetry;

import dev.airlock.platform.failure.PlatformException;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** Answers {@code GET /metrics} in Prometheus's form. Anybody who reaches the port may ask; nothing secret is told. */
final class MetricsServer implements AutoCloseable {
    private final HTTPServer server;
    private final PrometheusMetricReader reader;
    private final URI address;

    private MetricsServer(HTTPServer server, PrometheusMetricReader reader, URI address) {
        this.server = server;
        this.reader = reader;
        this.address = address;
    }

    /** @throws PlatformException with code USAGE when the address cannot be had */
    static MetricsServer open(InetSocketAddress wanted) {
        PrometheusRegistry registry = new PrometheusRegistry();
        PrometheusMetricReader reader = PrometheusMetricReader.builder()
                .setOtelScopeLabelsEnabled(false)
                .build();
        registry.register(reader);
        String text = wanted.getHostString() + ":" + wanted.getPort();
        try {
            HTTPServer server = HTTPServer.builder()
                    .inetAddress(InetAddress.getByName(wanted.getHostString()))
                    .port(wanted.getPort())
                    .registry(registry)
                    .buildAndStart();
            URI address = URI.create("http://" + wanted.getHostString() + ":" + server.getPort() + "/metrics");
            return new MetricsServer(server, reader, address);
        } catch (IOException e) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    "metrics cannot be served on " + text + ": " + e.getMessage(),
                    text,
                    "does another process of Airlock serve there? Give each its own telemetry.prometheus, or port 0",
                    e);
        }
    }

    PrometheusMetricReader reader() {
        return reader;
    }

    URI address() {
        return address;
    }

    @Override
    public void close() {
        server.close();
    }
}
