package dev.airlock.activities.sandbox;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An engine that lists sandboxes and removes them, and can do nothing else. */
final class ListedSandboxes implements SandboxEngine {
    private final List<Listed> sandboxes = new ArrayList<>();
    private final Set<String> kept = new HashSet<>();
    private final Instant now;

    /** @param now what ages and deadlines are counted from */
    ListedSandboxes(Instant now) {
        this.now = now;
    }

    /** @param age in seconds; its deadline is in an hour */
    void add(String name, String run, long age) {
        add(name, run, age, 3600);
    }

    /** @param left seconds until its deadline; negative when that is past */
    void add(String name, String run, long age, long left) {
        sandboxes.add(new Listed(name, run, "running", now.minusSeconds(age), now.plusSeconds(left)));
    }

    /** From now on, that one cannot be removed. */
    void keep(String name) {
        kept.add(name);
    }

    List<String> names() {
        return sandboxes.stream().map(Listed::name).toList();
    }

    @Override
    public List<Listed> list(String installation) {
        return List.copyOf(sandboxes);
    }

    @Override
    public void remove(String name) throws IOException {
        if (kept.contains(name)) {
            throw new IOException(name + " is stuck");
        }
        sandboxes.removeIf(one -> one.name().equals(name));
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
    public boolean exists(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
