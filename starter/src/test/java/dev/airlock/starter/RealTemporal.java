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
    /** The server may die of a panic at its start; presumably when a port that was found free is taken before it is bound. */
    private static final int TRIES = 3;

    private final TemporalDevServer server;
    private final TemporalClients clients;

    public RealTemporal() {
        server = start();
        clients = TemporalClients.connect(server.getTarget());
        clients.registerSearchAttributes(Duration.ofSeconds(20));
    }

    private static TemporalDevServer start() {
        TemporalDevServerOptions options = TemporalDevServerOptions.newBuilder()
                .setExistingPath(command().toString())
                .setUi(false)
                .setLogLevel("never")
                .setExtraArgs(
                        "--dynamic-config-value",
                        "history.transferProcessorMaxPollRPS=2000",
                        "--dynamic-config-value",
                        "history.timerProcessorMaxPollRPS=2000")
                .build();
        for (int left = TRIES; ; left--) {
            try {
                return TemporalDevServer.start(options);
            } catch (IllegalStateException e) {
                if (left == 1) {
                    throw e;
                }
            }
        }
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
