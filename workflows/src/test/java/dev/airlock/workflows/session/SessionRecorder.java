package dev.airlock.workflows.session;

import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workflows.sandbox.SandboxPlace;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionRequest.Timing;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Records one history for every way an interactive sandbox can go, on a real server with our search attributes. Histories that
 * are there already stay.
 *
 * <p>Arguments: the server's HOST:PORT, and the directory to write to.
 */
final class SessionRecorder {
    private static final Timing SHORT = new Timing(
            Duration.ofSeconds(6), Duration.ofSeconds(4), Duration.ofSeconds(2), 2, Duration.ofSeconds(1), 500);
    private static final Timing FEW = new Timing(
            Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofMinutes(1), 2, Duration.ofMinutes(5), 2);

    private SessionRecorder() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(arguments[0]).build());
        WorkflowClient client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter(List.of()))
                        .build());
        for (Map.Entry<String, Consumer<TestSession>> scenario : scenarios().entrySet()) {
            Path file = directory.resolve(scenario.getKey() + ".json");
            if (Files.exists(file)) {
                continue;
            }
            Timing timing = scenario.getKey().startsWith("continued") ? FEW : SHORT;
            try (TestSession test = new TestSession(client, UUID.randomUUID().toString(), timing)) {
                scenario.getValue().accept(test);
                Files.writeString(file, test.history());
            }
        }
        stubs.shutdownNow();
    }

    private static Map<String, Consumer<TestSession>> scenarios() {
        Map<String, Consumer<TestSession>> scenarios = new TreeMap<>();
        scenarios.put("stopped", test -> {
            test.start();
            test.sandbox().ready();
            test.exec("a");
            test.host.execTroubles.add(Failures.of(
                    FailureType.DETACHED, "the worker leaves", null, new SandboxPlace(FakeHost.NAME, "airlock-x")));
            test.exec("b");
            test.host.execAnswers.add(new ExecOutcome.Gone(false, "docker restarted"));
            test.exec("c");
            test.stop();
            test.result();
        });
        scenarios.put("idle-warned-extended-expired", test -> {
            test.start();
            test.sandbox().ready();
            test.awaitView(view -> view.state() == SessionState.SNAPSHOT);
            test.exec("a");
            test.extend("more");
            test.result();
        });
        scenarios.put("killed", test -> {
            test.start();
            test.sandbox().ready();
            test.host.commandHangs = true;
            var running = test.begin("a");
            test.awaitView(view -> !test.host.executed.isEmpty());
            test.sandbox().kill(new Call.Kill("k", TestSession.ANN, "a"));
            running.getResult();
            test.stop();
            test.result();
        });
        scenarios.put("continued", test -> {
            test.start();
            test.sandbox().ready();
            test.patiently("a");
            test.patiently("b");
            test.patiently("c");
            test.stop();
            test.result();
        });
        return scenarios;
    }
}
