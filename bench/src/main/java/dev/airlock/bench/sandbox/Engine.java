package dev.airlock.bench.sandbox;

import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.worker.SandboxEngines;
import java.io.IOException;
import java.util.Optional;

/** One of the product's engines, as the worker opens it, on an installation of its own. Closing it leaves no sandbox. */
final class Engine implements AutoCloseable {
    private final Lifecycle lifecycle = new Lifecycle();
    private final SandboxEngine engine;
    private final String installation;

    private Engine(SandboxEngine engine, String installation) {
        this.engine = lifecycle.register(engine);
        this.installation = installation;
        lifecycle.register(this::removeLeftovers);
    }

    /** @throws Unmeasurable when this machine does not have it */
    static Engine open(String name, Lab lab) throws IOException, Unmeasurable {
        StateDirectory state = new StateDirectory(lab.scratch(name)).create();
        try {
            SandboxEngine engine = new SandboxEngines(state, lab.home()).open(Optional.of(name));
            return lab.register(new Engine(engine, state.installation()));
        } catch (PlatformException e) {
            throw new Unmeasurable(String.valueOf(e.getMessage()));
        }
    }

    SandboxEngine engine() {
        return engine;
    }

    EngineSteps untilKnown() throws IOException {
        return EngineSteps.untilKnown(engine, installation);
    }

    EngineSteps untilRemoved() throws IOException {
        return EngineSteps.untilRemoved(engine, installation);
    }

    /** What an interruption left. */
    private void removeLeftovers() throws IOException {
        for (SandboxEngine.Listed left : engine.list(installation)) {
            engine.remove(left.name());
        }
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
