package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.decision.Taken;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.id.RunId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a run. */
@Command(
        name = "cancel",
        description = "Cancel a run: it ends, nothing is promoted. Refused once it is promoting.",
        exitCodeList = {
            "0:cancelled",
            "1:refused: the run is promoting, or has ended",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {"", "Examples:", "  airlock cancel run-4q5w --reason \"pushed the wrong directory\" --yes"})
public final class CancelCommand extends RunAction {
    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, in one line.")
    private String reason = "";

    public CancelCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        RunId run = run();
        if (!session().agrees("Cancel " + run + "?")) {
            throw new AirlockException(ErrorCode.USAGE, "not cancelled", run.value(), null);
        }
        Taken taken = session().client().cancel(run, new Cancel(session().principal(), reason));
        answers().give(taken, text -> text.line("cancelled " + taken.run()));
        return YES;
    }
}
