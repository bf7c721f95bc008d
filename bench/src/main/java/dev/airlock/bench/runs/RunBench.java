package dev.airlock.bench.runs;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.platform.temporal.TemporalClients;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/** Whole runs (b1, b3), and what the audit trail costs them (d1). */
public final class RunBench implements Bench {
    private static final int LANES = 20;
    private static final int RUNS_OF_ONE_LANE = 10;
    private static final int RUNS_OF_EACH_LANE = 3;
    private static final int RAW_OF_EACH_LANE = 6;
    private static final int WARM_UP = 60;
    private static final int MOST_EVENTS = 40;
    private static final int MOST_KILOBYTES = 8;

    private final List<Row> rows = new ArrayList<>();

    @Override
    public Set<String> ids() {
        return Set.of("b1", "b3", "d1");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        try (RunServers servers = lab.register(RunServers.start(lab))) {
            List<Lane> lanes = lanes(servers, lab, lab.wants("b1") ? LANES : 1);
            Lane first = lanes.getFirst();
            if (lab.wants("b1") || lab.wants("d1")) {
                lab.say("runs: warming up");
                together(lanes, lane -> warmUp(lane, WARM_UP / lanes.size() + 1));
            }
            if (lab.wants("b1")) {
                throughput(lab, lanes);
                latency(lab, first);
            }
            if (lab.wants("b3")) {
                history(lab, servers, first);
            }
            if (lab.wants("d1")) {
                audit(lab, servers, first);
            }
        }
        return List.copyOf(rows);
    }

    private static List<Lane> lanes(RunServers servers, Lab lab, int count) throws IOException {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lanes.add(Lane.open(servers, "lane-" + i, lab.scratch("lane-" + i)));
        }
        return lanes;
    }

    private static void warmUp(Lane lane, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            lane.run();
            lane.raw();
        }
    }

    private void throughput(Lab lab, List<Lane> lanes) throws Exception {
        lab.say("b1: " + LANES + " in flight");
        Alternation both = Alternation.of(
                lab.blocks(),
                () -> rate(lanes, RUNS_OF_EACH_LANE, Lane::run),
                () -> rate(lanes, RAW_OF_EACH_LANE, Lane::raw));
        rows.add(Row.rate(
                "b1",
                "runs/s",
                "runs of five stages, " + LANES + " in flight",
                "raw workflows of five activities",
                both,
                Goal.ratioAtLeast(0.8)));
    }

    private void latency(Lab lab, Lane lane) throws Exception {
        lab.say("b1: one in flight");
        Alternation both = Alternation.of(
                lab.blocks(),
                () -> Stopwatch.times(RUNS_OF_ONE_LANE, lane::run),
                () -> Stopwatch.times(RUNS_OF_ONE_LANE, lane::raw));
        rows.add(Row.cost("b1", "ms", "a run, one in flight, p50", "a raw workflow", both, null));
    }

    private void history(Lab lab, RunServers servers, Lane lane) throws Exception {
        lab.say("b3: history");
        List<WorkflowExecutionInfo> ours = new ArrayList<>();
        List<WorkflowExecutionInfo> raw = new ArrayList<>();
        for (int i = 0; i < lab.blocks(); i++) {
            ours.add(describe(servers, lane.run().value()));
            raw.add(describe(servers, lane.raw()));
        }
        rows.add(Row.cost(
                "b3",
                "events",
                "history of a run",
                "of a raw workflow",
                both(ours, raw, WorkflowExecutionInfo::getHistoryLength),
                Goal.valueAtMost(MOST_EVENTS, "events")));
        rows.add(Row.cost(
                "b3",
                "KB",
                "history of a run",
                "of a raw workflow",
                both(ours, raw, info -> info.getHistorySizeBytes() / 1000.0),
                Goal.valueAtMost(MOST_KILOBYTES, "KB")));
    }

    private static Alternation both(
            List<WorkflowExecutionInfo> ours,
            List<WorkflowExecutionInfo> raw,
            ToDoubleFunction<WorkflowExecutionInfo> of) {
        return Alternation.measured(samples(ours, of), samples(raw, of));
    }

    private static List<Samples> samples(
            List<WorkflowExecutionInfo> histories, ToDoubleFunction<WorkflowExecutionInfo> of) {
        return histories.stream().map(one -> Samples.of(of.applyAsDouble(one))).toList();
    }

    private static WorkflowExecutionInfo describe(RunServers servers, String id) {
        return servers.temporal()
                .stubs()
                .blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                        .build())
                .getWorkflowExecutionInfo();
    }

    private void audit(Lab lab, RunServers servers, Lane lane) throws Exception {
        lab.say("d1: audit on and off");
        Alternation both =
                Alternation.of(lab.blocks(), () -> audited(servers, lane, true), () -> audited(servers, lane, false));
        servers.audit().on(true);
        rows.add(Row.cost(
                "d1",
                "ms",
                "a run with its audit trail, p50",
                "with an audit that writes nothing",
                both,
                Goal.ratioAtMost(1.10)));
    }

    private static Samples audited(RunServers servers, Lane lane, boolean on) throws Exception {
        servers.audit().on(on);
        return Stopwatch.times(RUNS_OF_ONE_LANE, lane::run);
    }

    private static Samples rate(List<Lane> lanes, int times, Work work) throws Exception {
        Stopwatch watch = new Stopwatch();
        together(lanes, lane -> {
            for (int i = 0; i < times; i++) {
                work.on(lane);
            }
        });
        return Samples.of(lanes.size() * times * 1000.0 / watch.millis());
    }

    private static void together(List<Lane> lanes, Work work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(lanes.size())) {
            List<Future<?>> all = new ArrayList<>();
            for (Lane lane : lanes) {
                all.add(threads.submit(() -> {
                    work.on(lane);
                    return lane;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    /** What a lane does. */
    @FunctionalInterface
    private interface Work {
        void on(Lane lane) throws Exception;
    }
}
