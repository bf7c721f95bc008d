package dev.airlock.platform.telemetry;

import com.uber.m3.tally.NoopScope;
import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import dev.airlock.platform.lifecycle.Lifecycle;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** OpenTelemetry's machinery of one process, put together and taken apart. */
final class Pipeline implements AutoCloseable {
    private static final Duration SEND = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final RetryPolicy TRIES = RetryPolicy.builder()
            .setMaxAttempts(3)
            .setInitialBackoff(Duration.ofMillis(200))
            .setMaxBackoff(Duration.ofSeconds(1))
            .build();
    private static final int LONGEST_VALUE = 256;
    private static final Duration SPANS_EVERY = Duration.ofSeconds(2);
    private static final double TEMPORAL_EVERY_SECONDS = 5;

    private final OpenTelemetry openTelemetry;
    private final Sampler sampler;
    private final Scope temporal;
    private final Lifecycle lifecycle;
    private final @Nullable URI address;
    private final boolean traces;

    private Pipeline(
            OpenTelemetry openTelemetry,
            Sampler sampler,
            Scope temporal,
            Lifecycle lifecycle,
            @Nullable URI address,
            boolean traces) {
        this.openTelemetry = openTelemetry;
        this.sampler = sampler;
        this.temporal = temporal;
        this.lifecycle = lifecycle;
        this.address = address;
        this.traces = traces;
    }

    static Pipeline off() {
        return new Pipeline(OpenTelemetry.noop(), Sampler.alwaysOff(), new NoopScope(), new Lifecycle(), null, false);
    }

    static Pipeline open(TelemetryConfig config, Telemetry.Identity identity) {
        LibraryLogs.intoOurs();
        Lifecycle lifecycle = new Lifecycle();
        try {
            Resource resource = resource(config, identity);
            Sampler sampler = Sampler.traceIdRatioBased(config.sampling() / 100.0);
            SdkMeterProviderBuilder meters = SdkMeterProvider.builder().setResource(resource);
            URI otlp = config.otlp();
            if (otlp != null) {
                meters.registerMetricReader(PeriodicMetricReader.builder(metrics(config, otlp))
                        .setInterval(config.interval())
                        .build());
            }
            MetricsServer server = config.prometheus() == null ? null : MetricsServer.open(config.prometheus());
            if (server != null) {
                lifecycle.register(server);
                meters.registerMetricReader(server.reader());
            }
            SdkMeterProvider meterProvider = meters.build();
            var sdk = OpenTelemetrySdk.builder().setMeterProvider(meterProvider);
            if (otlp != null) {
                sdk.setTracerProvider(tracers(config, otlp, resource, sampler));
            }
            OpenTelemetrySdk built = sdk.build();
            lifecycle.register(() -> shutDown(built));
            Scope temporal = lifecycle.register(new RootScopeBuilder()
                    .reporter(new TemporalMetrics(built.getMeter(Names.SCOPE)))
                    .reportEvery(com.uber.m3.util.Duration.ofSeconds(TEMPORAL_EVERY_SECONDS)));
            return new Pipeline(
                    built, sampler, temporal, lifecycle, server == null ? null : server.address(), otlp != null);
        } catch (RuntimeException e) {
            lifecycle.close();
            throw e;
        }
    }

    /** On a thread of its own, since OpenTelemetry waits longer for a receiver that is gone than whoever stops us does. */
    private static void shutDown(OpenTelemetrySdk sdk) throws InterruptedException {
        Thread farewell = Thread.ofPlatform()
                .daemon()
                .name("telemetry-close")
                .start(() -> sdk.shutdown().join(CLOSE.toSeconds(), TimeUnit.SECONDS));
        farewell.join(CLOSE);
    }

    private static Resource resource(TelemetryConfig config, Telemetry.Identity identity) {
        String service = config.service() == null ? "airlock-" + identity.process() : config.service();
        return Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put(Names.Attribute.SERVICE.text(), service)
                        .put(Names.Attribute.VERSION.text(), identity.version())
                        .put(
                                Names.Attribute.INSTANCE.text(),
                                identity.host() + "/" + ProcessHandle.current().pid())
                        .put(Names.Attribute.INSTALLATION.text(), identity.installation())
                        .put(Names.Attribute.HOST.text(), identity.host())
                        .build()));
    }

    private static SdkTracerProvider tracers(TelemetryConfig config, URI otlp, Resource resource, Sampler sampler) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(otlp + "/v1/traces")
                .setRetryPolicy(TRIES)
                .setTimeout(SEND)
                .setConnectTimeout(CONNECT);
        config.headers().forEach(exporter::addHeader);
        return SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(sampler))
                .setIdGenerator(GivenIds.INSTANCE)
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(LONGEST_VALUE)
                        .build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter.build())
                        .setScheduleDelay(SPANS_EVERY)
                        .build())
                .build();
    }

    private static OtlpHttpMetricExporter metrics(TelemetryConfig config, URI otlp) {
        var exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(otlp + "/v1/metrics")
                .setRetryPolicy(TRIES)
                .setTimeout(SEND)
                .setConnectTimeout(CONNECT);
        config.headers().forEach(exporter::addHeader);
        return exporter.build();
    }

    boolean isOff() {
        return openTelemetry == OpenTelemetry.noop();
    }

    /** Whether spans are kept; metrics alone need none. */
    boolean traces() {
        return traces;
    }

    OpenTelemetry openTelemetry() {
        return openTelemetry;
    }

    Tracer tracer() {
        return openTelemetry.getTracer(Names.SCOPE);
    }

    Meter meter() {
        return openTelemetry.getMeter(Names.SCOPE);
    }

    /** What decides about a run whose request says nothing. */
    Sampler sampler() {
        return sampler;
    }

    Scope temporal() {
        return temporal;
    }

    Optional<URI> address() {
        return Optional.ofNullable(address);
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
