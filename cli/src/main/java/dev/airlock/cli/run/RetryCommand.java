package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.decision.Taken;
import dev.airlock.workflows.change.Retry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a step again. */
@Command(
        name = "retry",
        description = "Retry a run: an open one goes on with the step that needs attention; of an ended one a new run"
                + " takes up the content.",
        exitCodeList = {
            "0:retried; the run that goes on is printed",
            "1:refused: nothing to retry",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {"", "Examples:", "  airlock retry run-4q5w", "  airlock retry run-4q5w --step generate"})
public final class RetryCommand extends RunAction {
    @Option(names = "--step", paramLabel = "S", description = "Default: the step that needs attention, or failed.")
    private @Nullable String step;

    public RetryCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        Taken taken = session().client().retry(run(), new Retry(session().principal(), step));
        answers().give(taken, text -> text.line(taken.run().value()));
        return YES;
    }
}
