package dev.airlock.platform.telemetry;

import dev.airlock.platform.telemetry.Names.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.function.Consumer;

/** Makes instruments as {@link Names.Metric} describes them. */
final class Instruments {
    private final Meter meter;

    Instruments(Meter meter) {
        this.meter = meter;
    }

    LongCounter counter(Metric metric) {
        return meter.counterBuilder(metric.id())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .build();
    }

    DoubleHistogram histogram(Metric metric) {
        return meter.histogramBuilder(metric.id())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .setExplicitBucketBoundariesAdvice(metric.buckets())
                .build();
    }

    /** One whose values are asked for when somebody looks. */
    void gauge(Metric metric, Consumer<ObservableDoubleMeasurement> look) {
        // Lives as long as the meter, which is as long as the process.
        AutoCloseable unused = meter.gaugeBuilder(metric.id())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .buildWithCallback(look);
    }

    /** The values of a metric's attributes, in the order of {@link Metric#attributes()}; an empty one is absent. */
    static Attributes values(Metric metric, String... values) {
        if (values.length != metric.attributes().size()) {
            throw new IllegalArgumentException(metric + " has " + metric.attributes());
        }
        AttributesBuilder attributes = Attributes.builder();
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                attributes.put(metric.attributes().get(i).text(), values[i]);
            }
        }
        return attributes.build();
    }
}
