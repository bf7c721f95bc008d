package dev.airlock.activities.hostile;

import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxTrials;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs hostile programs against an engine, two at a time, and says what came of each and of the host. Closing it removes nothing:
 * that every case does itself; it only stops seeing to it that none outlives this process.
 */
public final class Selftest implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Selftest.class);
    private static final int AT_ONCE = 2;
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(100);

    private final SandboxTrials trials;
    private final EngineIdentity engine;
    private final HostileRunner runner;
    private final String mark;
    private final Tidying tidying;

    private Selftest(SandboxTrials trials, EngineIdentity engine, Path program) throws IOException {
        this.trials = trials;
        this.engine = engine;
        this.mark = "mark-" + UUID.randomUUID();
        this.runner = new HostileRunner(trials, program, mark);
        this.tidying = new Tidying(trials);
    }

    /**
     * Prepares one.
     *
     * @param installation of the engine's owner; nobody else's, so that nothing else is touched or seen
     * @param scratch an empty directory
     * @param program {@code hostile/target/hostile}
     */
    public static Selftest of(SandboxEngine engine, String installation, Path scratch, Path program)
            throws IOException {
        return new Selftest(SandboxTrials.in(scratch, engine, installation), engine.identity(), program);
    }

    @Override
    public void close() {
        tidying.close();
    }

    /** Who hears of each case as it ends; from several threads. */
    public interface Listener {
        /** @param done how many have ended */
        void ended(CaseResult result, int done);
    }

    /** Runs them; the results are in their order. */
    public SelftestReport run(List<HostileCase> cases, Listener listener) throws IOException {
        AtomicInteger done = new AtomicInteger();
        List<CaseResult> results = new ArrayList<>();
        try (HostWatch watch = new HostWatch();
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<CaseResult>> running = cases.stream()
                    .map(one -> threads.submit(() -> {
                        CaseResult result = result(one);
                        listener.ended(result, done.incrementAndGet());
                        return result;
                    }))
                    .toList();
            for (Future<CaseResult> one : running) {
                results.add(await(one));
            }
            return SelftestReport.of(engine, results, watch.use(), left());
        }
    }

    /** The quick ones in one sandbox: a first look at an engine. */
    public List<CaseResult> together(List<HostileCase> cases) throws IOException {
        long begun = System.nanoTime();
        List<Judge.Judgement> judgements = runner.together(cases);
        List<CaseResult> results = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            results.add(result(cases.get(i), judgements.get(i), begun));
        }
        return List.copyOf(results);
    }

    private static CaseResult await(Future<CaseResult> one) throws IOException {
        try {
            return one.get();
        } catch (ExecutionException e) {
            throw new IOException("a case could not be judged: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private CaseResult result(HostileCase one) {
        long begun = System.nanoTime();
        Judge.Judgement judgement;
        try {
            judgement = runner.run(one);
        } catch (IOException e) {
            LOG.debug("{} could not be tried", one.name(), e);
            judgement = new Judge.Judgement(Verdict.UNKNOWN, String.valueOf(e.getMessage()));
        }
        return result(one, judgement, begun);
    }

    private CaseResult result(HostileCase one, Judge.Judgement judgement, long begun) {
        long ms = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        Optional<String> reason = judgement.verdict() == Verdict.BREACHED
                ? HostileExceptions.reason(engine, one.name())
                : Optional.empty();
        Verdict verdict = reason.isPresent() ? Verdict.EXCEPTION : judgement.verdict();
        return new CaseResult(one.name(), one.group(), verdict, judgement.detail(), reason.orElse(null), ms);
    }

    /** Sandboxes and processes that should have gone; an end may take a moment to show. */
    private List<String> left() throws IOException {
        long until = System.nanoTime() + SETTLE.toNanos();
        while (true) {
            List<String> left = new ArrayList<>(trials.left());
            left.addAll(HostWatch.processesWith(mark));
            if (left.isEmpty() || System.nanoTime() - until > 0) {
                return left;
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
