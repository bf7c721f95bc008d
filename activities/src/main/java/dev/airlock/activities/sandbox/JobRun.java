package dev.airlock.activities.sandbox;

import dev.airlock.activities.egress.EgressSession;
import dev.airlock.activities.output.OutputPublisher;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.Window;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job from beginning to end, however often it is interrupted: every step of it may be done again, so a lost channel, a
 * restarted daemon and a new worker all come back in by the same door. The command itself is started once, by its token.
 */
final class JobRun {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration SLICE = Duration.ofMillis(100);
    /** For all that is not the command: files in and out, a worker that comes back. */
    private static final Duration AROUND_THE_COMMAND = Duration.ofMinutes(15);

    private static final int CANCEL_TRIES = 5;

    private final SandboxEngine engine;
    private final SandboxJob job;
    private final StopSignal stop;
    private final String name;
    private final JobFiles files;
    private final JobInputs inputs;
    private final JobProducts products;
    private final JobNetwork network;
    private final OutputPublisher.Feed feed;
    private Instant deadline = Instant.MAX;
    private boolean outage;

    JobRun(SandboxEngine engine, SandboxStores stores, SandboxJob job, StopSignal stop) {
        this.engine = engine;
        this.job = job;
        this.stop = stop;
        this.name = Names.sandbox(job.installation(), job.at());
        this.files = new JobFiles(stores.output(), job.at());
        this.inputs = new JobInputs(job, stores, stop);
        this.products = new JobProducts(job, stores, stop, engine.identity());
        this.network = new JobNetwork(job, stores, files);
        this.feed = stores.publisher().of(job.at());
    }

    /** @throws StoppedException when told to; a cancelled job's sandbox is gone then */
    SandboxResult run() throws IOException {
        try {
            SandboxResult result = untilReached();
            feed.ended();
            return result;
        } catch (StoppedException e) {
            if (e.stop() == StopSignal.Stop.CANCEL) {
                end();
            }
            throw e;
        } catch (IOException | RuntimeException e) {
            if (!belongsToSomebodyElse(e)) {
                end();
            }
            throw e;
        }
    }

    /** The attempt ends with any other failure, and nothing of it may stay. */
    private static boolean belongsToSomebodyElse(Exception e) {
        return e instanceof SandboxException refused && refused.type() == FailureType.CONFLICT;
    }

    private SandboxResult untilReached() throws IOException {
        Duration pause = SHORTEST_PAUSE;
        while (true) {
            stop.check();
            try {
                return once();
            } catch (SandboxUnreachable e) {
                outage |= e.isOutage();
                if (pause.equals(SHORTEST_PAUSE)) {
                    LOG.warn(
                            "{} of {} {} waits: {}",
                            name,
                            job.at().run(),
                            job.at().label(),
                            e.getMessage());
                }
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private SandboxResult once() throws IOException {
        Optional<SandboxResult> kept = files.result();
        if (kept.isPresent()) {
            engine.remove(name);
            return kept.get();
        }
        requireNetwork();
        SandboxSpec spec = spec();
        long asked = System.nanoTime();
        try (Sandbox sandbox = files.mayHaveRun() ? engine.adopt(spec) : engine.openOrAdopt(spec);
                WatchedLease lease = WatchedLease.begin(engine.identity(), asked);
                EgressSession egress = network.begin(sandbox)) {
            deadline = sandbox.deadline();
            CommandStatus status = started(sandbox);
            if (!status.ended()) {
                pull(sandbox);
            }
            return lease.ended(conclude(sandbox, egress));
        } catch (SandboxGone e) {
            return gone(e, spec);
        }
    }

    private void requireNetwork() throws SandboxException {
        if (!files.mayHaveRun()) {
            network.require();
        }
    }

    private SandboxSpec spec() throws IOException {
        Duration life = job.command().limits().timeout().plus(AROUND_THE_COMMAND);
        return new SandboxSpec(
                name,
                new SandboxSpec.Owner(job.installation(), job.at()),
                engine.image(job.command().image()),
                job.command().limits(),
                new SandboxSpec.Lease(
                        name, CanonicalJson.digest(job), Instant.now().plus(life)));
    }

    private CommandStatus started(Sandbox sandbox) throws IOException {
        CommandStatus status = sandbox.state(inputs.token());
        if (status.state() != CommandStatus.State.UNKNOWN) {
            return status;
        }
        inputs.putInto(sandbox);
        stop.check();
        files.begin();
        feed.begin();
        CommandStatus begun = sandbox.run(inputs.command());
        Failpoints.hit("sandbox.started");
        return begun;
    }

    /** Takes the output window by window, from where the file ends, to the last byte there will be. */
    private void pull(Sandbox sandbox) throws IOException {
        Window window;
        do {
            stop.check();
            window = sandbox.read(inputs.token(), files.length(), POLL);
            files.write(window.offset(), window.data().duplicate());
            feed.grown(window.offset() + window.data().remaining());
        } while (!window.last());
    }

    private SandboxResult conclude(Sandbox sandbox, @Nullable EgressSession egress) throws IOException {
        pull(sandbox);
        CommandStatus status = sandbox.state(inputs.token());
        Failpoints.hit("sandbox.ended");
        files.requireLength(status.usage().output());
        if (status.cause() == CommandStatus.Cause.LEASE || status.cause() == CommandStatus.Cause.KILLED) {
            sandbox.release();
            return new SandboxResult.Lost(name + " was ended from outside (" + status.cause() + ")", network.recall());
        }
        SandboxResult.Ended result = products.take(sandbox, status, files.output(), network.finish(egress));
        Failpoints.hit("sandbox.collected");
        files.keep(result);
        Failpoints.hit("sandbox.durable");
        sandbox.release();
        Failpoints.hit("sandbox.released");
        return result;
    }

    private SandboxResult gone(SandboxGone end, SandboxSpec spec) throws IOException {
        SandboxResult result = switch (judged(end.death())) {
            case OUT_OF_MEMORY -> products.outOfMemory(spec.image(), files.output(), network.recall());
            case DIED -> new SandboxResult.Died(message(end), spec.image(), engine.identity(), network.recall());
            case LOST -> new SandboxResult.Lost(message(end), network.recall());
        };
        files.keep(result);
        engine.remove(name);
        return result;
    }

    private SandboxGone.Death judged(SandboxGone.Death death) {
        return switch (death) {
            case OUT_OF_MEMORY -> death;
            // A daemon that was stopped had killed its containers, and tells no difference when it is back.
            case DIED -> outage ? SandboxGone.Death.LOST : death;
            // Held open to the end and ended by the watch: process 1 had been stopped, and only the workload is in
            // there.
            case LOST -> Instant.now().isAfter(deadline) ? SandboxGone.Death.DIED : death;
        };
    }

    private static String message(SandboxGone end) {
        return String.valueOf(end.getMessage());
    }

    /** What cannot be removed now is removed at its deadline. */
    private void end() throws IOException {
        feed.ended();
        for (int left = CANCEL_TRIES; left > 0; left--) {
            try {
                engine.remove(name);
                return;
            } catch (SandboxUnreachable e) {
                LOG.warn("{} is cancelled but cannot be removed yet: {}", name, e.getMessage());
                LockSupport.parkNanos(SHORTEST_PAUSE.toNanos());
            }
        }
    }

    private void pause(Duration length) throws StoppedException {
        long until = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - until < 0) {
            stop.check();
            LockSupport.parkNanos(SLICE.toNanos());
        }
    }
}
