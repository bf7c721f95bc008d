package dev.airlock.activities.sandbox;

import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the sandboxes of runs that are over: what a worker left that died in a run's last moment, and what belongs to a run
 * that was terminated. Those of open runs stay, since whoever waits for them finds them by name; their deadline bounds them.
 */
public final class SandboxSweep {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxSweep.class);

    private final SandboxEngine engine;
    private final String installation;
    private final Runs runs;

    /** Who knows the runs. */
    public interface Runs {
        /** Whether the run may still want its sandboxes; when that cannot be found out, an exception and nothing is removed. */
        boolean isOpen(RunId run) throws IOException;
    }

    public SandboxSweep(SandboxEngine engine, String installation, Runs runs) {
        this.engine = engine;
        this.installation = installation;
        this.runs = runs;
    }

    /**
     * Looks once at all of the installation's sandboxes on this machine. May be repeated, and may run beside anything.
     *
     * @return names of what was removed
     */
    public List<String> sweep() throws IOException {
        List<String> removed = new ArrayList<>();
        for (SandboxEngine.Listed sandbox : engine.list(installation)) {
            if (!runs.isOpen(new RunId(sandbox.run()))) {
                LOG.info("removing {}: its run {} is over", sandbox.name(), sandbox.run());
                engine.remove(sandbox.name());
                removed.add(sandbox.name());
            }
        }
        return List.copyOf(removed);
    }
}
