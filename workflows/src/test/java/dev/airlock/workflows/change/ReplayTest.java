package dev.airlock.workflows.change;

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
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that were on their way when a worker was replaced must go on: every recorded history replays. */
class ReplayTest {
    private static final Path CORPUS = Path.of("src/test/resources/histories");

    static Stream<Path> histories() throws IOException {
        try (Stream<Path> files = Files.walk(CORPUS)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("histories")
    void replays(Path history) {
        assertThatCode(() -> replay(history, ChangeWorkflowImpl.class)).doesNotThrowAnyException();
    }

    @Test
    void hasEveryWayARunCanGo() throws IOException {
        assertThat(histories().map(file -> file.getFileName().toString()))
                .contains(
                        "promoted.json", "loop-then-promoted.json", "rejected.json", "expired.json", "cancelled.json");
    }

    @Test
    void noticesAnImplementationThatDoesSomethingElse() throws IOException {
        Path promoted = histories()
                .filter(file -> file.endsWith("0.1/promoted.json"))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> replay(promoted, DifferentWorkflow.class)).hasStackTraceContaining("NonDeterminis");
    }

    private static void replay(Path history, Class<?> implementation) throws Exception {
        try (TestWorkflowEnvironment environment =
                TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                        .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                                .setDataConverter(Payloads.converter(List.of()))
                                .build())
                        .build())) {
            // The first replay loads every class; on a busy machine that alone would pass for a deadlock.
            Worker worker = environment.newWorker(
                    "replay",
                    WorkerOptions.newBuilder()
                            .setDefaultDeadlockDetectionTimeout(30_000)
                            .build());
            worker.registerWorkflowImplementationTypes(implementation);
            WorkflowReplayer.replayWorkflowExecution(
                    WorkflowExecutionHistory.fromJson(Files.readString(history)), worker);
        }
    }

    /** Sleeps first, which no recorded run did. */
    public static final class DifferentWorkflow implements ChangeWorkflow {
        @Override
        public ChangeResult run(ChangeRequest request) {
            Workflow.sleep(Duration.ofSeconds(1));
            throw new IllegalStateException("a replay never comes here");
        }

        @Override
        public DecisionResult decide(Decision decision) {
            throw new IllegalStateException();
        }

        @Override
        public void validateDecide(Decision decision) {}

        @Override
        public ActionResult retry(Retry retry) {
            throw new IllegalStateException();
        }

        @Override
        public void validateRetry(Retry retry) {}

        @Override
        public ActionResult cancel(Cancel cancel) {
            throw new IllegalStateException();
        }

        @Override
        public void validateCancel(Cancel cancel) {}

        @Override
        public ActionResult extend(Extend extend) {
            throw new IllegalStateException();
        }

        @Override
        public void validateExtend(Extend extend) {}

        @Override
        public void event(RunEvent event) {}

        @Override
        public ChangeView view() {
            throw new IllegalStateException();
        }
    }
}
