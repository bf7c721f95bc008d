package dev.airlock.cli.run;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.RunId;
import picocli.CommandLine.Parameters;

/** A command about one run. */
public abstract class RunAction extends Action {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, as `push` printed it.")
    private String run = "";

    protected RunAction(Session session) {
        super(session);
    }

    protected final RunId run() {
        return parse(run);
    }

    /** What has not the form of a run id names no run: that is no other mistake than a wrong letter in it. */
    public static RunId parse(String text) {
        try {
            return new RunId(text);
        } catch (IllegalArgumentException e) {
            throw new AirlockException(
                            ErrorCode.NOT_FOUND,
                            "no run " + text,
                            text,
                            "a run id is run- and 26 characters; `airlock runs` lists them")
                    .causedBy(e);
        }
    }
}
