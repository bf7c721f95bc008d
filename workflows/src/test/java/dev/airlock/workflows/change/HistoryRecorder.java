package dev.airlock.workflows.change;

import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Records one history for every way a run can go, on a real server with our search attributes. Histories that are there
 * already stay: they are what running workers have written.
 *
 * <p>Arguments: the server's HOST:PORT, and the directory to write to.
 */
final class HistoryRecorder {
    private static final Principal RITA = new Principal("user:rita");

    private HistoryRecorder() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(arguments[0]).build());
        WorkflowClient client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter(List.of()))
                        .build());
        for (Map.Entry<String, Consumer<TestRun>> scenario : scenarios().entrySet()) {
            Path file = directory.resolve(scenario.getKey() + ".json");
            if (Files.exists(file)) {
                continue;
            }
            Duration review = scenario.getKey().equals("expired") ? Duration.ofSeconds(1) : Duration.ofDays(2);
            try (TestRun run = new TestRun(client, UUID.randomUUID().toString(), review)) {
                scenario.getValue().accept(run);
                run.result();
                Files.writeString(file, client.fetchHistory(run.id.value()).toJson(true));
            }
        }
        stubs.shutdownNow();
    }

    private static Map<String, Consumer<TestRun>> scenarios() {
        Map<String, Consumer<TestRun>> scenarios = new TreeMap<>();
        scenarios.put("promoted", run -> {
            run.push();
            run.awaitState(RunState.WAITING_REVIEW);
            run.approve(RITA);
        });
        scenarios.put("loop-then-promoted", run -> {
            run.world.sandboxAnswers.add(FakeWorld.generated(1));
            run.world.sandboxAnswers.add(FakeWorld.ended(1));
            run.task();
            run.awaitState(RunState.WAITING_REVIEW);
            run.approve(RITA);
        });
        scenarios.put("changes-requested-then-promoted", run -> {
            run.task();
            run.awaitState(RunState.WAITING_REVIEW);
            run.run().decide(new Decision.RequestChanges("d1", RITA, FakeWorld.EVIDENCE, "name it better"));
            run.awaitReview(2);
            run.approve(RITA);
        });
        scenarios.put("rejected", run -> {
            run.push();
            run.awaitState(RunState.WAITING_REVIEW);
            run.run().decide(new Decision.Reject("d1", RITA, null, "wrong branch"));
        });
        scenarios.put("expired", TestRun::push);
        scenarios.put("cancelled", run -> {
            run.world.sandboxHangs = true;
            run.push();
            run.awaitStep("test");
            run.run().cancel(new Cancel(RITA, "not needed"));
        });
        scenarios.put("long-checks-then-promoted", run -> {
            run.world.checksTakeLong = true;
            run.push();
            run.awaitState(RunState.WAITING_REVIEW);
            run.approve(RITA);
        });
        scenarios.put("audit-outage-then-promoted", run -> {
            run.push();
            run.awaitState(RunState.WAITING_REVIEW);
            run.world.kafkaIsDown = true;
            run.approve(RITA);
            run.awaitState(RunState.PROMOTING);
            run.world.kafkaIsDown = false;
        });
        scenarios.put("waited-and-sent-then-promoted", run -> {
            run.pipeline(HistoryRecorder::withEvents);
            run.push();
            run.awaitState(RunState.WAITING_REVIEW);
            run.run().event(event("early", "early", "{}"));
            run.approve(RITA);
            run.awaitState(RunState.WAITING_EVENT);
            run.run().event(event("red", "late", "red"));
            run.run().event(event("green", "late", "green"));
        });
        scenarios.put("waited-in-vain", run -> {
            run.pipeline(steps -> List.of(
                    new Step("never", List.of(), null, null, new StepUse.Wait("never", null, Duration.ofSeconds(2)))));
            run.push();
            run.awaitState(RunState.WAITING_EVENT);
        });
        return scenarios;
    }

    private static RunEvent event(String id, String type, String data) {
        return new RunEvent("test", id, type, data, Instant.EPOCH);
    }

    private static List<Step> withEvents(List<Step> steps) {
        Duration timeout = Duration.ofHours(1);
        List<Step> more = new ArrayList<>(steps);
        Step promote = more.removeLast();
        more.add(new Step("early", List.of("review"), null, null, new StepUse.Wait("early", null, timeout)));
        more.add(new Step("late", List.of("early"), null, null, new StepUse.Wait("late", "green", timeout)));
        more.add(new Step("tell", List.of("late"), null, null, new StepUse.Emit("deploys", "wanted", "{}")));
        more.add(promote);
        return more;
    }
}
