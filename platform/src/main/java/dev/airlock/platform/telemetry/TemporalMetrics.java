package dev.airlock.platform.telemetry;

import com.uber.m3.tally.Buckets;
import com.uber.m3.tally.Capabilities;
import com.uber.m3.tally.CapableOf;
import com.uber.m3.tally.StatsReporter;
import com.uber.m3.util.Duration;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Takes what the Temporal SDK counts over to OpenTelemetry: its names and tags as they are, times in seconds. */
@SuppressWarnings({"rawtypes", "deprecation"}) // tally's interface is so
final class TemporalMetrics implements StatsReporter {
    private static final List<Double> SECONDS =
            List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 600.0, 3_600.0);

    private final Meter meter;
    private final Map<String, LongCounter> counters = new ConcurrentHashMap<>();
    private final Map<String, DoubleGauge> gauges = new ConcurrentHashMap<>();
    private final Map<String, DoubleHistogram> times = new ConcurrentHashMap<>();
    private final Map<Map<String, String>, Attributes> attributes = new ConcurrentHashMap<>();

    TemporalMetrics(Meter meter) {
        this.meter = meter;
    }

    @Override
    public void reportCounter(String name, @Nullable Map<String, String> tags, long value) {
        counters.computeIfAbsent(name, unused -> meter.counterBuilder(name).build())
                .add(value, attributes(tags));
    }

    @Override
    public void reportGauge(String name, @Nullable Map<String, String> tags, double value) {
        gauges.computeIfAbsent(name, unused -> meter.gaugeBuilder(name).build()).set(value, attributes(tags));
    }

    @Override
    public void reportTimer(String name, @Nullable Map<String, String> tags, Duration interval) {
        time(name, tags, interval, 1);
    }

    @Override
    public void reportHistogramDurationSamples(
            String name,
            @Nullable Map<String, String> tags,
            Buckets buckets,
            Duration lower,
            Duration upper,
            long samples) {
        time(name, tags, upper, samples);
    }

    @Override
    public void reportHistogramValueSamples(
            String name,
            @Nullable Map<String, String> tags,
            Buckets buckets,
            double lower,
            double upper,
            long samples) {
        DoubleHistogram values = times.computeIfAbsent(
                name, unused -> meter.histogramBuilder(name).build());
        for (long i = 0; i < samples; i++) {
            values.record(upper, attributes(tags));
        }
    }

    private void time(String name, @Nullable Map<String, String> tags, Duration length, long samples) {
        DoubleHistogram histogram = times.computeIfAbsent(
                name,
                unused -> meter.histogramBuilder(name)
                        .setUnit("s")
                        .setExplicitBucketBoundariesAdvice(SECONDS)
                        .build());
        for (long i = 0; i < samples; i++) {
            histogram.record(length.getNanos() / 1e9, attributes(tags));
        }
    }

    /** Tags come from a fixed set, so this stays small. */
    private Attributes attributes(@Nullable Map<String, String> tags) {
        if (tags == null) {
            return Attributes.empty();
        }
        return attributes.computeIfAbsent(Map.copyOf(tags), given -> {
            AttributesBuilder builder = Attributes.builder();
            given.forEach(builder::put);
            return builder.build();
        });
    }

    @Override
    public Capabilities capabilities() {
        return CapableOf.REPORTING_TAGGING;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
