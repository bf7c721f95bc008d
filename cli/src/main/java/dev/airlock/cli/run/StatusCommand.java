package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.run.RunStatus;
import java.time.Instant;
import picocli.CommandLine.Command;

/** Shows where a run stands. */
@Command(
        name = "status",
        description = "Show where a run stands: its state and every attempt of every step.",
        exitCodeList = {
            "0:the run is known, however it stands",
            "1:never",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {
            "",
            "Answers whenever the run is known, also when no worker is up.",
            "",
            "Examples:",
            "  airlock status run-4q5w",
            "  airlock status run-4q5w -o json | jq .state"
        })
public final class StatusCommand extends RunAction {
    public StatusCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        RunStatus status = session().client().status(run());
        answers().give(status, text -> StatusText.write(status, Instant.now(), text));
        return YES;
    }
}
