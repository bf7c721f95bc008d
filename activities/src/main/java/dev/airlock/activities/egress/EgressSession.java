package dev.airlock.activities.egress;

import dev.airlock.activities.sandbox.init.TunnelLink;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.workflows.id.StepAttempt;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Answers for one sandbox's way out for as long as its channel lives. */
public final class EgressSession implements Closeable {
    private static final long LOOK_NANOS = 10_000_000;

    private final Gate gate;
    private final EgressLog log;
    private final TunnelHub hub;
    private final EgressGuard.Bounds bounds;
    private final AtomicInteger serving = new AtomicInteger();

    EgressSession(TunnelLink link, Gate gate, EgressLog log, EgressGuard.Bounds bounds, StepAttempt at) {
        this.gate = gate;
        this.log = log;
        this.bounds = bounds;
        this.hub = new TunnelHub(link, bounds.idle(), this::opened).start(at.run() + " " + at.label());
    }

    private void opened(Tunnel tunnel) {
        serving.incrementAndGet();
        Thread.ofVirtual().name("egress " + tunnel.id()).start(() -> {
            try {
                gate.serve(tunnel);
            } finally {
                serving.decrementAndGet();
            }
        });
    }

    /** After the command's end: what it still asked for is judged, then nothing more goes out, and this is all that did. */
    public EgressDocument finish() throws IOException {
        long until = System.nanoTime() + bounds.drain().toNanos();
        while (!(hub.isQuiet() && serving.get() == 0) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        gate.close();
        return log.document(hub.refusals());
    }

    @Override
    public void close() throws IOException {
        hub.close();
        gate.close();
        log.close();
    }
}
