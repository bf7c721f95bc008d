package dev.airlock.bench.processes;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The start of {@code dev} (h), and what it costs while nothing happens (i). */
public final class StartBench implements Bench {
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final double MOST_SECONDS = 5;
    private static final double MOST_PERCENT = 2;

    private final List<Row> rows = new ArrayList<>();

    @Override
    public Set<String> ids() {
        return Set.of("h", "i");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        if (lab.wants("h")) {
            starts(lab);
        }
        if (lab.wants("i")) {
            idling(lab);
        }
        return List.copyOf(rows);
    }

    private void starts(Lab lab) throws Exception {
        lab.say("h: cold starts");
        int[] number = new int[1];
        Alternation both = Alternation.of(
                lab.blocks(),
                () -> seconds(lab.register(Launched.airlock(lab.home(), fresh(lab, "dev" + number[0]++), "dev"))),
                () -> seconds(lab.register(RawServer.start(fresh(lab, "raw" + number[0]++)))));
        rows.add(Row.cost(
                "h",
                "s",
                "cold start of dev, to ready",
                "Temporal and a bare worker",
                both,
                Goal.valueAtMost(MOST_SECONDS, "s")));
    }

    private static StateDirectory fresh(Lab lab, String name) throws IOException {
        return new StateDirectory(lab.scratch(name));
    }

    private static Samples seconds(Launched server) {
        try (server) {
            return Samples.of(server.millisToReady() / 1000);
        }
    }

    /** Both are up at once and idle through the same windows. */
    private void idling(Lab lab) throws Exception {
        lab.say("i: idling");
        try (Launched dev = lab.register(Launched.airlock(lab.home(), fresh(lab, "idle-dev"), "dev"));
                Launched raw = lab.register(RawServer.start(fresh(lab, "idle-raw")))) {
            Thread.sleep(SETTLE);
            List<Samples> ours = new ArrayList<>();
            List<Samples> bare = new ArrayList<>();
            for (int i = 0; i < lab.blocks(); i++) {
                Duration before = dev.processorTime();
                Duration rawBefore = raw.processorTime();
                Thread.sleep(WINDOW);
                ours.add(percent(dev.processorTime().minus(before)));
                bare.add(percent(raw.processorTime().minus(rawBefore)));
            }
            rows.add(Row.cost(
                    "i",
                    "% of a core",
                    "dev, idle",
                    "Temporal and a bare worker, idle",
                    Alternation.measured(ours, bare),
                    Goal.valueAtMost(MOST_PERCENT, "% of a core")));
            rows.add(Row.cost(
                    "i",
                    "MB",
                    "memory of dev, idle",
                    "Temporal and a bare worker, idle",
                    Alternation.measured(
                            List.of(Samples.of(dev.residentMegabytes())), List.of(Samples.of(raw.residentMegabytes()))),
                    null));
        }
    }

    /** A sum of nothing still took a tick or less. */
    private static Samples percent(Duration used) {
        return Samples.of(Math.max(0.01, 100.0 * used.toMillis() / WINDOW.toMillis()));
    }
}
