package dev.airlock.starter.trigger;

import dev.airlock.platform.settings.Settings;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.starter.service.ServerConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server as a process of its own, so that it can be killed. */
final class ServerProcess {
    private ServerProcess() {}

    static Process start(Plant plant, String temporal) throws IOException {
        File nothing = new File("/dev/null");
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerProcess.class.getName(),
                        plant.state.root().toString(),
                        temporal,
                        plant.kafka.bootstrap()))
                .redirectOutput(nothing)
                .redirectError(nothing)
                .start();
    }

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        StateDirectory state = StateDirectory.apart(Path.of(arguments[0]));
        Endpoints endpoints = Endpoints.ready(
                state,
                new Endpoints.Temporal(arguments[1], "external", null),
                new Endpoints.Kafka(arguments[2], "embedded"),
                null);
        Settings settings = Settings.load(state.settings(), Map.of(), Map.of("trigger.quota", "1000000"));
        try (AirlockServer server = AirlockServer.start(new ServerConfig(state, endpoints, settings))) {
            if (server.ready().ready()) {
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }
}
