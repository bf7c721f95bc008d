package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxSpec;
import dev.airlock.activities.sandbox.SandboxUnreachable;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.session.SessionActivities.Lodging;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that is there, and is to be asked something, however often its engine or its channel is away meanwhile. */
final class Container {
    private static final Logger LOG = LoggerFactory.getLogger(Container.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration SLICE = Duration.ofMillis(100);

    private final SandboxEngine engine;
    private final SandboxSpec spec;
    private final StopSignal stop;

    /** @param image digest of the image that it is made from, or was */
    Container(SandboxEngine engine, Lodging lodging, String image, StopSignal stop) {
        this.engine = engine;
        this.spec = spec(lodging, image);
        this.stop = stop;
    }

    static String name(Lodging lodging) {
        return Names.sandbox(lodging.installation(), lodging.at());
    }

    private static SandboxSpec spec(Lodging lodging, String image) {
        String name = name(lodging);
        return new SandboxSpec(
                name,
                new SandboxSpec.Owner(lodging.installation(), lodging.at()),
                image,
                lodging.room().limits(),
                new SandboxSpec.Lease(name, CanonicalJson.digest(lodging), lodging.until()));
    }

    /** What is asked of it; may be asked again from the beginning. */
    interface Work<T> {
        T in(Sandbox sandbox) throws IOException;
    }

    /** Makes it when it is not there. */
    <T> T made(Work<T> work) throws IOException {
        return untilReached(() -> engine.openOrAdopt(spec), work);
    }

    /** @throws dev.airlock.activities.sandbox.SandboxGone when it is not there */
    <T> T there(Work<T> work) throws IOException {
        return untilReached(() -> engine.adopt(spec), work);
    }

    private interface Door {
        Sandbox open() throws IOException;
    }

    private <T> T untilReached(Door door, Work<T> work) throws IOException {
        Duration pause = SHORTEST_PAUSE;
        while (true) {
            try (Sandbox sandbox = door.open()) {
                return work.in(sandbox);
            } catch (SandboxUnreachable e) {
                if (pause.equals(SHORTEST_PAUSE)) {
                    LOG.warn("{} waits: {}", spec.name(), e.getMessage());
                }
                pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private void pause(Duration length) throws IOException {
        long until = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - until < 0) {
            stop.check();
            LockSupport.parkNanos(Math.min(SLICE.toNanos(), length.toNanos()));
        }
    }
}
