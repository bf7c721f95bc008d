package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says no, and sends the agent back to work. */
@Command(
        name = "request-changes",
        description = "Send a change back: the agent gets your reason and makes another attempt while any are left.",
        exitCodeList = {
            "0:accepted; the agent works on",
            "1:refused: stale evidence, decided before, not a reviewer",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {"", "Examples:", "  airlock request-changes run-4q5w --as user:rita --reason \"keep the old name\""})
public final class RequestChangesCommand extends DecisionAction {
    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "What is to be changed.")
    private String reason = "";

    @Option(names = "--evidence", paramLabel = "DIGEST", description = "Refuse to decide if it is no longer this one.")
    private @Nullable Digest evidence;

    public RequestChangesCommand(Session session) {
        super(session);
    }

    @Override
    Decision decision(String id) {
        return new Decision.RequestChanges(id, session().principal(), evidence, reason);
    }

    @Override
    String done() {
        return "changes requested";
    }
}
