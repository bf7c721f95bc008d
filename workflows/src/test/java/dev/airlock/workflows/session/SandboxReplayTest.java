package dev.airlock.workflows.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.Payloads;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sandboxes that were there when a worker was replaced must go on: every recorded history replays. */
class SandboxReplayTest {
    private static final Path CORPUS = Path.of("src/test/resources/sandbox-histories");

    static Stream<Path> histories() throws IOException {
        try (Stream<Path> files = Files.walk(CORPUS)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void replays(Path history) {
        assertThatCode(() -> replay(Files.readString(history))).doesNotThrowAnyException();
    }

    @Test
    void hasEveryWayASandboxCanGo() throws IOException {
        assertThat(histories().map(file -> file.getFileName().toString()))
                .contains("stopped.json", "idle-warned-extended-expired.json", "killed.json", "continued.json");
    }

    /** One whose workflow asked something else of its host. */
    @Test
    void noticesAHistoryOfSomethingElse() throws IOException {
        Path stopped = histories()
                .filter(file -> file.endsWith("stopped.json"))
                .findFirst()
                .orElseThrow();
        String other = Files.readString(stopped).replaceFirst("\"Session_Exec\"", "\"Session_Put\"");

        assertThatThrownBy(() -> replay(other)).hasStackTraceContaining("NonDeterminis");
    }

    private static void replay(String history) throws Exception {
        try (TestWorkflowEnvironment environment =
                TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                        .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                                .setDataConverter(Payloads.converter(List.of()))
                                .build())
                        .build())) {
            Worker worker = environment.newWorker(
                    "replay",
                    WorkerOptions.newBuilder()
                            .setDefaultDeadlockDetectionTimeout(30_000)
                            .build());
            worker.registerWorkflowImplementationTypes(SandboxWorkflowImpl.class);
            WorkflowReplayer.replayWorkflowExecution(WorkflowExecutionHistory.fromJson(history), worker);
        }
    }
}
