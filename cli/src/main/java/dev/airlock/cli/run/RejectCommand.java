package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says no, for good. */
@Command(
        name = "reject",
        description = "Reject a change: its run ends, nothing is promoted.",
        exitCodeList = {
            "0:accepted; the run ends",
            "1:refused: stale evidence, decided before, not a reviewer",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {"", "Examples:", "  airlock reject run-4q5w --as user:rita --reason \"wrong rounding\""})
public final class RejectCommand extends DecisionAction {
    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, in one line.")
    private String reason = "";

    @Option(names = "--evidence", paramLabel = "DIGEST", description = "Refuse to decide if it is no longer this one.")
    private @Nullable Digest evidence;

    public RejectCommand(Session session) {
        super(session);
    }

    @Override
    Decision decision(String id) {
        return new Decision.Reject(id, session().principal(), evidence, reason);
    }

    @Override
    String done() {
        return "rejected";
    }
}
