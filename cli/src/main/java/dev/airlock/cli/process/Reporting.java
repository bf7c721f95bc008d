package dev.airlock.cli.process;

import dev.airlock.platform.kafka.KafkaSecurity;
import dev.airlock.platform.logging.LogFormat;
import dev.airlock.platform.logging.Logs;
import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.telemetry.TelemetryConfig;
import dev.airlock.worker.WorkerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process that stays tells of itself: its log, spans and metrics.
 *
 * @param settings of the process; the keys {@code log.…}, {@code telemetry.…} and {@code kafka.…} have been read
 * @param telemetry to be closed last
 * @param kafka file that says how to log in to Kafka, if a setting names one
 */
record Reporting(Settings settings, Telemetry telemetry, Optional<Path> kafka) {

    /**
     * Begins it, before anything else is started.
     *
     * @param process {@code dev}, {@code worker} or {@code server}
     * @throws dev.airlock.platform.failure.PlatformException with code USAGE when its settings are wrong
     */
    static Reporting begin(String process, StateDirectory state) {
        Settings settings = Settings.load(state.settings(), System.getenv(), Map.of());
        LogFormat format = LogFormat.from(settings);
        TelemetryConfig config = TelemetryConfig.from(settings);
        Optional<Path> kafka = settings.text(KafkaSecurity.SETTING).map(Path::of);
        settings.verifyRead();
        Logs.toFile(state, process, format);
        Telemetry telemetry = Telemetry.start(
                config, new Telemetry.Identity(process, version(), state.installation(), WorkerConfig.machineName()));
        return new Reporting(settings, telemetry, kafka);
    }

    /** The endpoints as this process is to use them. */
    Endpoints as(Endpoints endpoints) {
        return kafka.map(endpoints::withKafkaProperties).orElse(endpoints);
    }

    private static String version() {
        String version = Reporting.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** Where the metrics can be asked for; absent when nowhere. */
    @Nullable
    String metrics() {
        return telemetry.address().map(URI::toString).orElse(null);
    }
}
