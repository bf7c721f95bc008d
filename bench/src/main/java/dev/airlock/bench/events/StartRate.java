package dev.airlock.bench.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How many runs one server starts a second for a burst of records (t). Nothing works on them, so that starts are all there is. */
final class StartRate {
    private static final int BURST = 500;
    private static final int IN_FLIGHT = 32;
    private static final int WARM_UP = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Lab lab;
    private final TriggerSite site;

    private StartRate(Lab lab, TriggerSite site) {
        this.lab = lab;
        this.site = site;
    }

    static List<Row> measure(Lab lab, TriggerSite site) throws Exception {
        return List.of(new StartRate(lab, site).row());
    }

    private Row row() throws Exception {
        lab.say("t: warming up");
        for (int i = 0; i < WARM_UP; i++) {
            Samples unused = ours();
            unused = raw();
        }
        lab.say("t: bursts of " + BURST + " records");
        return Row.rate(
                "t",
                "starts/s",
                "runs that one server starts for a burst of records",
                "StartWorkflow alone, " + IN_FLIGHT + " in flight",
                Alternation.of(lab.blocks(), this::ours, this::raw),
                Goal.ratioAtLeast(0.8));
    }

    private Samples ours() throws Exception {
        String workspace = site.workspace();
        site.awaitSettled(PATIENCE);
        Stopwatch watch = new Stopwatch();
        for (int i = 0; i < BURST; i++) {
            String unused = site.request(workspace);
        }
        site.awaitSettled(PATIENCE);
        return rate("server", watch);
    }

    private Samples raw() throws Exception {
        Stopwatch watch = new Stopwatch();
        ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT);
        try {
            List<Future<?>> starts = new ArrayList<>();
            for (int i = 0; i < BURST; i++) {
                starts.add(threads.submit(() ->
                        RawTrigger.start(site.temporal(), "raw-" + UUID.randomUUID(), "make it".getBytes(UTF_8))));
            }
            awaitAll(starts);
        } finally {
            threads.shutdownNow();
        }
        return rate("StartWorkflow", watch);
    }

    private static void awaitAll(List<Future<?>> starts) throws Unmeasurable, InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Future<?> start : starts) {
            try {
                start.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new Unmeasurable(
                        starts.stream().filter(each -> !each.isDone()).count() + " of " + BURST
                                + " raw starts were not answered within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private Samples rate(String side, Stopwatch watch) {
        double rate = BURST * 1000.0 / watch.millis();
        lab.say("t: %s, %.0f starts/s".formatted(side, rate));
        return Samples.of(rate);
    }
}
