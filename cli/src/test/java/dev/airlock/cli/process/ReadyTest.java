package dev.airlock.cli.process;

import dev.airlock.cli.Golden;
import dev.airlock.cli.session.Answers;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The first lines of what stays. */
class ReadyTest {
    private static final EngineIdentity ENGINE = new EngineIdentity("docker", "runc", "hardened");

    @Test
    void ofDev() throws IOException {
        Endpoints endpoints = new Endpoints(
                Endpoints.SCHEMA,
                true,
                17,
                "abc",
                new Endpoints.Temporal("127.0.0.1:7233", "real", "http://127.0.0.1:8233"),
                new Endpoints.Kafka("127.0.0.1:9092", "embedded"),
                ENGINE,
                "/state");
        Golden.check("dev", Answers.line(endpoints) + "\n");
    }

    @Test
    void ofWorker() throws IOException {
        Golden.check(
                "worker",
                Answers.line(new WorkerCommand.Ready(true, 17, "host-1", ENGINE, "http://127.0.0.1:9465/metrics"))
                        + "\n");
    }

    @Test
    void theServersReadyLineIsTheContracts() throws Exception {
        AirlockServer.Ready ready = new AirlockServer.Ready(
                true, 17, "airlock.requests", "http://127.0.0.1:9464", "http://127.0.0.1:9465/metrics");

        Golden.check("server", Answers.line(ready) + "\n");
    }
}
