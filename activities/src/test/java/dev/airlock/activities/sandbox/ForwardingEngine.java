package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.util.List;

/** Passes everything on; a test overrides what it wants to see or break. */
class ForwardingEngine implements SandboxEngine {
    private final SandboxEngine engine;

    ForwardingEngine(SandboxEngine engine) {
        this.engine = engine;
    }

    @Override
    public EngineIdentity identity() {
        return engine.identity();
    }

    @Override
    public String machine() {
        return engine.machine();
    }

    @Override
    public String image(String name) throws IOException {
        return engine.image(name);
    }

    @Override
    public Sandbox openOrAdopt(SandboxSpec spec) throws IOException {
        return engine.openOrAdopt(spec);
    }

    @Override
    public Sandbox adopt(SandboxSpec spec) throws IOException {
        return engine.adopt(spec);
    }

    @Override
    public void remove(String name) throws IOException {
        engine.remove(name);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return engine.exists(name);
    }

    @Override
    public List<Listed> list(String installation) throws IOException {
        return engine.list(installation);
    }

    @Override
    public void close() throws IOException {
        engine.close();
    }
}
