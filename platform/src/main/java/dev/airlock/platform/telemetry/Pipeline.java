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
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.OpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            List<MetricReader> readers = new ArrayList<>();
            URI otlp = config.otlp();
            if (otlp != null) {
                readers.add(PeriodicMetricReader.builder(metrics(config, otlp))
                        .setInterval(config.interval())
                        .build());
            }
            MetricsServer server = config.prometheus() == null ? null : MetricsServer.open(config.prometheus());
            if (server != null) {
                lifecycle.register(server);
                readers.add(server.reader());
            }
            return put(
                    resource(config.service(), identity),
                    Sampler.traceIdRatioBased(config.sampling() / 100.0),
                    otlp == null ? null : spans(config, otlp),
                    readers,
                    lifecycle,
                    server == null ? null : server.address());
        } catch (RuntimeException e) {
            lifecycle.close();
            throw e;
        }
    }

    static Pipeline into(SpanProcessor spans, MetricReader metrics, Telemetry.Identity identity) {
        return put(resource(null, identity), Sampler.alwaysOn(), spans, List.of(metrics), new Lifecycle(), null);
    }

    private static Pipeline put(
            Resource resource,
            Sampler sampler,
            @Nullable SpanProcessor spans,
            List<MetricReader> readers,
            Lifecycle lifecycle,
            @Nullable URI address) {
        SdkMeterProviderBuilder meters = SdkMeterProvider.builder().setResource(resource);
        readers.forEach(meters::registerMetricReader);
        OpenTelemetrySdkBuilder sdk = OpenTelemetrySdk.builder().setMeterProvider(meters.build());
        if (spans != null) {
            sdk.setTracerProvider(SdkTracerProvider.builder()
                    .setResource(resource)
                    .setSampler(Sampler.parentBased(sampler))
                    .setIdGenerator(GivenIds.INSTANCE)
                    .setSpanLimits(SpanLimits.builder()
                            .setMaxAttributeValueLength(LONGEST_VALUE)
                            .build())
                    .addSpanProcessor(spans)
                    .build());
        }
        OpenTelemetrySdk built = sdk.build();
        lifecycle.register(() -> shutDown(built));
        Scope temporal = lifecycle.register(new RootScopeBuilder()
                .reporter(new TemporalMetrics(built.getMeter(Names.SCOPE)))
                .reportEvery(com.uber.m3.util.Duration.ofSeconds(TEMPORAL_EVERY_SECONDS)));
        return new Pipeline(built, sampler, temporal, lifecycle, address, spans != null);
    }

    /** On a thread of its own, since OpenTelemetry waits longer for a receiver that is gone than whoever stops us does. */
    private static void shutDown(OpenTelemetrySdk sdk) throws InterruptedException {
        Thread farewell = Thread.ofPlatform()
                .daemon()
                .name("telemetry-close")
                .start(() -> sdk.shutdown().join(CLOSE.toSeconds(), TimeUnit.SECONDS));
        farewell.join(CLOSE);
    }

    private static Resource resource(@Nullable String given, Telemetry.Identity identity) {
        String service = given == null ? "airlock-" + identity.process() : given;
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

    private static SpanProcessor spans(TelemetryConfig config, URI otlp) {
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(otlp + "/v1/traces")
                .setRetryPolicy(TRIES)
                .setTimeout(SEND)
                .setConnectTimeout(CONNECT);
        config.headers().forEach(exporter::addHeader);
        return BatchSpanProcessor.builder(exporter.build())
                .setScheduleDelay(SPANS_EVERY)
                .build();
    }

    private static OtlpHttpMetricExporter metrics(TelemetryConfig config, URI otlp) {
        OtlpHttpMetricExporterBuilder exporter = OtlpHttpMetricExporter.builder()
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
