package dev.airlock.cli.run;

import dev.airlock.cli.follow.Follower;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.WaitFor;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows where a run stands. */
@Command(
        name = "status",
        description = "Show where a run stands: its state and every attempt of every step.",
        exitCodeList = {
            "0:the run is known, however it stands; with --watch: it was promoted",
            "1:with --watch: it ended otherwise",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {
            "",
            "Answers whenever the run is known, also when no worker is up. With --watch the exit code is that of",
            "`wait --for end`, and -o json is one object a line, for every change. Ctrl-C leaves the run alone.",
            "",
            "Examples:",
            "  airlock status run-4q5w",
            "  airlock status run-4q5w --watch",
            "  airlock status run-4q5w -o json | jq .state"
        })
public final class StatusCommand extends RunAction {
    @Option(
            names = {"-w", "--watch"},
            description = "Go on until the run has ended, and show every change: redrawn in place on a terminal.")
    private boolean watch;

    @Option(
            names = "--timeout",
            paramLabel = "60s",
            defaultValue = "${env:AIRLOCK_TIMEOUT}",
            description = "With --watch: how long at most ($$AIRLOCK_TIMEOUT). Default: as long as it takes.")
    private @Nullable Duration timeout;

    public StatusCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        if (watch) {
            return new Follower(session(), run(), WaitFor.END, timeout).follow();
        }
        RunStatus status = session().client().status(run());
        answers().give(status, text -> StatusText.write(status, Instant.now(), text));
        return YES;
    }
}
