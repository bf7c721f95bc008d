package dev.airlock.worker;

import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxSpec;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.List;

/** An engine without sandboxes. */
final class FakeEngine implements SandboxEngine {
    Runnable onList = () -> {};

    @Override
    public List<Listed> list(String installation) {
        onList.run();
        return List.of();
    }

    @Override
    public EngineIdentity identity() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String machine() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String image(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Sandbox openOrAdopt(SandboxSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Sandbox adopt(SandboxSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean exists(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
