package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.starter.run.Waited;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Waits for a run to get somewhere. */
@Command(
        name = "wait",
        description = "Wait until a run waits for a review, or until it has ended.",
        exitCodeList = {
            "0:the review is open; for the end: the change was promoted",
            "1:the run ended otherwise",
            "2:the time ran out; not found, unavailable, a usage error"
        },
        footer = {
            "",
            "Examples:",
            "  airlock wait run-4q5w --for review",
            "  airlock wait run-4q5w --for end --timeout 10m"
        })
public final class WaitCommand extends RunAction {
    @Option(names = "--for", required = true, paramLabel = "review|end", description = "What to wait for.")
    private WaitFor goal = WaitFor.END;

    @Option(
            names = "--timeout",
            paramLabel = "60s",
            defaultValue = "${env:AIRLOCK_TIMEOUT}",
            description = "How long to wait, such as 60s, 10m or 2h ($$AIRLOCK_TIMEOUT). Default: as long as it takes.")
    private @Nullable Duration timeout;

    public WaitCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        Waited waited = session().client().await(run(), goal, timeout);
        answers().give(waited.status(), text -> StatusText.write(waited.status(), Instant.now(), text));
        return waited.reached() ? YES : NO;
    }
}
