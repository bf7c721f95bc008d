package dev.airlock.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.airlock.platform.logging.LogFields;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.platform.temporal.CallerTrace;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.change.ChangeResult;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.change.ChangeWorkflow;
import dev.airlock.workflows.change.ChangeWorkflowImpl;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run from its request to its end, as telemetry sees it. */
@Timeout(120)
class WatchedRunTest {
    private static final String ASKED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final RunId RUN = Names.run("inst", "test", "1");

    private final KeptSpans spans = new KeptSpans();
    private final KeptMetrics metrics = new KeptMetrics();
    private final CalmWorld world = new CalmWorld();
    private final Telemetry telemetry =
            Telemetry.into(spans, metrics, new Telemetry.Identity("worker", "1", "inst", "here"));
    private final List<TestWorkflowEnvironment> environments = new ArrayList<>();

    @AfterEach
    void close() {
        environments.forEach(TestWorkflowEnvironment::close);
        telemetry.close();
    }

    @Test
    void isOneTreeUnderWhatAskedForIt() {
        promote(telemetry, ASKED);

        assertThat(spans.ended).allMatch(span -> span.getTraceId().equals("0af7651916cd43dd8448eb211c80319c"));
        SpanData run = spans.only("run");
        assertThat(run.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(text(run, "airlock.run.id")).isEqualTo(RUN.value());
        assertThat(text(run, "airlock.run.outcome")).isEqualTo("PROMOTED");
        assertThat(spans.named("step").stream()
                        .map(step -> text(step, "airlock.step.id") + " " + text(step, "airlock.step.kind") + " "
                                + text(step, "airlock.step.verdict")))
                .containsExactlyInAnyOrder(
                        "generate generate PASSED",
                        "validate validate PASSED",
                        "test sandbox PASSED",
                        "review review PASSED",
                        "promote promote PASSED");
        assertThat(spans.named("step")).allMatch(step -> step.getParentSpanId().equals(run.getSpanId()));
        assertThat(parentOf("Sandbox_Run")).isEqualTo("test");
        assertThat(parentOf("Validate_Check")).isEqualTo("validate");
        assertThat(parentOf("Promote_Move")).isEqualTo("promote");
        assertThat(connected()).as("spans whose parent is known").isEqualTo(spans.ended.size());
    }

    @Test
    void tellsWhoeverDecidedItWhereHisDecisionWent() {
        promote(telemetry, ASKED, "00-" + "c".repeat(32) + "-" + "d".repeat(16) + "-01");

        SpanData decision = spans.only("change run");
        assertThat(decision.getParentSpanId()).isEqualTo(spans.only("run").getSpanId());
        assertThat(text(decision, "airlock.run.action")).isEqualTo("approve");
        assertThat(text(decision, "airlock.run.id")).isEqualTo(RUN.value());
        assertThat(decision.getLinks())
                .singleElement()
                .satisfies(
                        link -> assertThat(link.getSpanContext().getTraceId()).isEqualTo("c".repeat(32)));
    }

    @Test
    void takesADecisionInAHostileTraceForOneInNone() {
        promote(telemetry, ASKED, "00-" + "Z".repeat(32) + "-" + "d".repeat(16) + "-01");

        assertThat(spans.only("change run").getLinks()).isEmpty();
    }

    @Test
    void hasAnIdForEachSpan() {
        promote(telemetry, null);

        assertThat(spans.ended.stream().map(SpanData::getSpanId)).doesNotHaveDuplicates();
        assertThat(spans.ended.stream().map(SpanData::getTraceId).collect(Collectors.toSet()))
                .hasSize(1);
        assertThat(spans.only("run").getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void countsWhatHappenedOnce() {
        world.kafkaIsSlow = true; // so that every emission is tried twice, and the workflow asks for it twice
        promote(telemetry, ASKED);

        assertThat(spans.named("step")).hasSize(5);
        Collection<MetricData> counted = metrics.now();
        assertThat(sum(counted, "airlock.runs.started")).isEqualTo(1);
        assertThat(sum(counted, "airlock.runs.ended")).isEqualTo(1);
        assertThat(count(counted, "airlock.step.duration")).isEqualTo(5);
        assertThat(count(counted, "airlock.audit.latency")).isEqualTo(sum(counted, "airlock.audit.events"));
        assertThat(sum(counted, "airlock.audit.failures")).isPositive();
    }

    @Test
    void isSilentInAReplay() throws Exception {
        WorkflowExecutionHistory history = promote(telemetry, ASKED);
        int told = spans.ended.size();

        replay(history, telemetry);
        assertThat(spans.ended).hasSize(told);
        assertThat(sum(metrics.now(), "airlock.runs.ended")).isEqualTo(1);
    }

    @Test
    void maySetInAndLeaveOffInTheMiddleOfARun() throws Exception {
        WorkflowExecutionHistory watched = promote(telemetry, ASKED);
        WorkflowExecutionHistory unwatched = promote(Telemetry.off(), null);

        assertThatCode(() -> replay(watched, Telemetry.off())).doesNotThrowAnyException();
        assertThatCode(() -> replay(unwatched, telemetry)).doesNotThrowAnyException();
    }

    @Test
    void writesOneShortHeaderForEachActivityThatIsInHistory() {
        List<HistoryEvent> scheduled = scheduled(promote(telemetry, ASKED));

        assertThat(scheduled).isNotEmpty().allSatisfy(event -> {
            var header = event.getActivityTaskScheduledEventAttributes().getHeader();
            assertThat(header.getFieldsMap()).containsOnlyKeys("traceparent");
            assertThat(header.getSerializedSize()).isLessThan(120);
        });
    }

    @Test
    void writesNothingForARunWithoutATrace() {
        assertThat(scheduled(promote(Telemetry.off(), null)))
                .isNotEmpty()
                .noneMatch(
                        event -> event.getActivityTaskScheduledEventAttributes().hasHeader()
                                && event.getActivityTaskScheduledEventAttributes()
                                                .getHeader()
                                                .getFieldsCount()
                                        > 0);
        assertThat(spans.ended).isEmpty();
    }

    @Test
    void namesTheWorkInLogLinesAlsoWhenNothingIsKept() {
        promote(Telemetry.off(), ASKED);

        assertThat(world.told)
                .singleElement()
                .satisfies(fields -> assertThat(fields)
                        .containsEntry(LogFields.RUN, RUN.value())
                        .containsEntry(LogFields.STEP, "test")
                        .containsEntry(LogFields.ATTEMPT, "1")
                        .containsEntry(LogFields.TRACE, "0af7651916cd43dd8448eb211c80319c"));
    }

    /** What follows is about the pieces above. */
    private WorkflowExecutionHistory promote(Telemetry told, @Nullable String traceparent) {
        return promote(told, traceparent, "");
    }

    /** @param decider the trace of whoever decides the review */
    private WorkflowExecutionHistory promote(Telemetry told, @Nullable String traceparent, String decider) {
        TestWorkflowEnvironment environment = environment(told);
        WorkflowClient client = environment.getWorkflowClient();
        ChangeWorkflow run = client.newWorkflowStub(
                ChangeWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(RUN.value())
                        .setTaskQueue(TaskQueues.MAIN)
                        .build());
        WorkflowClient.start(run::run, request(traceparent));
        while (run.view().state() != RunState.WAITING_REVIEW) {
            LockSupport.parkNanos(5_000_000);
        }
        CallerTrace.on(client, decider)
                .newWorkflowStub(ChangeWorkflow.class, RUN.value())
                .decide(new Decision.Approve("d", new Principal("user:rita"), CalmWorld.EVIDENCE));
        assertThat(WorkflowStub.fromTyped(run).getResult(ChangeResult.class)).isInstanceOf(ChangeResult.Promoted.class);
        return client.fetchHistory(RUN.value());
    }

    private TestWorkflowEnvironment environment(Telemetry told) {
        TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter(List.of()))
                        .build())
                .setWorkerFactoryOptions(WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new TelemetryInterceptor(told))
                        .build())
                .build());
        environments.add(environment);
        for (String name : List.of("Workspace", "State", "Author", "Pipeline", "Outcome")) {
            SearchAttributeKey<String> key = SearchAttributeKey.forKeyword("Airlock" + name);
            environment.registerSearchAttribute(key.getName(), key.getValueType());
        }
        for (String queue : List.of(TaskQueues.MAIN, TaskQueues.AUDIT, TaskQueues.SANDBOX)) {
            environment.newWorker(queue).registerActivitiesImplementations(world);
        }
        worker(environment).registerWorkflowImplementationTypes(ChangeWorkflowImpl.class);
        environment.start();
        return environment;
    }

    private static Worker worker(TestWorkflowEnvironment environment) {
        return environment.getWorkerFactory().getWorker(TaskQueues.MAIN);
    }

    private void replay(WorkflowExecutionHistory history, Telemetry told) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(history, worker(environment(told)));
    }

    private static ChangeRequest request(@Nullable String traceparent) {
        CommandSpec tests =
                new CommandSpec(List.of("/bin/sh", "-c", "true"), CommandSpec.BASE_IMAGE, CommandSpec.Limits.DEFAULT);
        StepUse.Validate checks = new StepUse.Validate(
                List.of("paths"), new StepUse.Paths(List.of(), List.of()), new StepUse.Sizes(1 << 20, 64 << 20), null);
        List<Step> steps = List.of(
                new Step("generate", List.of(), null, null, new StepUse.Generate(null, false)),
                new Step("validate", List.of("generate"), null, null, checks),
                new Step("test", List.of("validate"), null, null, new StepUse.Sandbox(tests, List.of())),
                new Step(
                        "review",
                        List.of("test"),
                        null,
                        null,
                        new StepUse.Review(1, List.of(), true, Duration.ofDays(2))),
                new Step("promote", List.of("review"), null, null, new StepUse.Promote("main")));
        return new ChangeRequest(
                new ChangeRequest.Origin("inst", new Principal("user:ann"), "a change", "test", "1", traceparent),
                new ChangeRequest.Target("orders", "main", CalmWorld.commit("a")),
                new ChangeRequest.Definition(
                        new Pipeline("orders", "orders", new Pipeline.Limits(3, Duration.ofDays(3)), steps),
                        CalmWorld.digest("7"),
                        null),
                new ChangeSource.Candidate(CalmWorld.commit("c"), CalmWorld.tree("c")),
                null);
    }

    private static List<HistoryEvent> scheduled(WorkflowExecutionHistory history) {
        return history.getEvents().stream()
                .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
                .toList();
    }

    private String parentOf(String name) {
        String parent = spans.only(name).getParentSpanId();
        return spans.named("step").stream()
                .filter(step -> step.getSpanId().equals(parent))
                .map(step -> String.valueOf(text(step, "airlock.step.id")))
                .collect(Collectors.joining());
    }

    private long connected() {
        Set<String> known = new HashSet<>(Set.of("b7ad6b7169203331"));
        spans.ended.forEach(span -> known.add(span.getSpanId()));
        return spans.ended.stream()
                .filter(span -> known.contains(span.getParentSpanId()))
                .count();
    }

    private static @Nullable String text(SpanData span, String key) {
        Attributes attributes = span.getAttributes();
        return attributes.get(AttributeKey.stringKey(key));
    }

    private static long sum(Collection<MetricData> counted, String name) {
        return counted.stream()
                .filter(metric -> metric.getName().equals(name))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .mapToLong(point -> point.getValue())
                .sum();
    }

    private static long count(Collection<MetricData> counted, String name) {
        return counted.stream()
                .filter(metric -> metric.getName().equals(name))
                .flatMap(metric -> metric.getHistogramData().getPoints().stream())
                .mapToLong(point -> point.getCount())
                .sum();
    }
}
