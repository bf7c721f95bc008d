package dev.airlock.cli.run;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.workflows.id.RunId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command about one run. */
public abstract class RunAction extends Action {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, as `push` printed it, or its start.")
    private String typed = "";

    private @Nullable RunId run;

    protected RunAction(Session session) {
        super(session);
    }

    protected final RunId run() {
        if (run == null) {
            run = RunNames.of(typed, session());
        }
        return run;
    }
}
