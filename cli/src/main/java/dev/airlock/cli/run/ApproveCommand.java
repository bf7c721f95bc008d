package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says yes to exactly the evidence that is named. */
@Command(
        name = "approve",
        description = "Approve a change: exactly the content whose evidence is named.",
        exitCodeList = {
            "0:accepted",
            "1:refused: stale evidence, your own change, branch moved, decided before",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {
            "",
            "An approval counts for the content that the evidence names and for no other; your own change you cannot approve.",
            "",
            "Examples:",
            "  airlock approve run-4q5w --evidence sha256:09a7...",
            "  airlock approve run-4q5w --as user:rita --evidence \"$(airlock review run-4q5w -o json | jq -r .evidence)\""
        })
public final class ApproveCommand extends DecisionAction {
    @Option(
            names = "--evidence",
            paramLabel = "DIGEST",
            description = "The evidence that `review` showed. May be left out on a terminal only, and then means the"
                    + " current one.")
    private @Nullable Digest evidence;

    public ApproveCommand(Session session) {
        super(session);
    }

    @Override
    Decision decision(String id) {
        return new Decision.Approve(id, session().principal(), evidence == null ? current() : evidence);
    }

    @Override
    String done() {
        return "approved";
    }

    private Digest current() {
        if (!session().environment().terminals().in()
                || !session().environment().terminals().out()) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "an approval names its evidence: --evidence sha256:...",
                    "--evidence",
                    "`airlock review " + run() + "` shows it");
        }
        Digest shown = session().client().status(run()).evidence();
        if (shown == null) {
            throw new AirlockException(
                    ErrorCode.STALE_EVIDENCE,
                    run() + " has no evidence yet",
                    run().value(),
                    "`airlock wait " + run() + " --for review` waits for it");
        }
        answers().note("evidence " + shown);
        return shown;
    }
}
