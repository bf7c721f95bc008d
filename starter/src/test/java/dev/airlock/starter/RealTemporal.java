package dev.airlock.starter;

import dev.airlock.platform.temporal.TemporalClients;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A Temporal server of the tests' own, on a free port. */
public final class RealTemporal implements AutoCloseable {
    private final TemporalDevServer server;
    private final TemporalClients clients;

    public RealTemporal() {
        server = TemporalDevServer.start(TemporalDevServerOptions.newBuilder()
                .setExistingPath(command().toString())
                .setUi(false)
                .setLogLevel("never")
                .setExtraArgs(
                        "--dynamic-config-value",
                        "history.transferProcessorMaxPollRPS=2000",
                        "--dynamic-config-value",
                        "history.timerProcessorMaxPollRPS=2000")
                .build());
        clients = TemporalClients.connect(server.getTarget());
        clients.registerSearchAttributes(Duration.ofSeconds(20));
    }

    public TemporalClients clients() {
        return clients;
    }

    /** Where {@code airlock setup} puts it, or on the path. */
    private static Path command() {
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        Stream<Path> path =
                Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, "temporal"));
        return Stream.concat(path, Stream.of(Path.of(cache, "airlock", "bin", "temporal")))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no temporal command; run ./airlock setup"));
    }

    @Override
    public void close() {
        clients.close();
        server.close();
    }
}
