package dev.airlock.cli.follow;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.workflows.id.RunId;
import java.util.List;

/** What a person can do about a run as it stands, as commands that can be copied. */
final class NextSteps {
    private final Session session;
    private final RunStatus status;
    private final String run;

    NextSteps(Session session, RunStatus status) {
        this.session = session;
        this.status = status;
        this.run = status.run().value();
    }

    void write(Text text) {
        List<String> commands = commands();
        if (commands.isEmpty()) {
            return;
        }
        text.line("");
        text.line(Colour.FAINT, heading());
        commands.forEach(words -> text.line("  " + session.command(words)));
    }

    private String heading() {
        return status.outcome() == null
                        && status.evidence() != null
                        && commands().size() > 2
                ? "next, by somebody else than " + status.author() + " (`--as user:NAME`):"
                : "next:";
    }

    private List<String> commands() {
        if (status.outcome() != null) {
            return ended();
        }
        return switch (status.state()) {
            case WAITING_REVIEW ->
                List.of(
                        "review " + run,
                        "approve " + run + " --evidence " + status.evidence(),
                        "request-changes " + run + " --reason TEXT",
                        "reject " + run + " --reason TEXT");
            case NEEDS_ATTENTION -> List.of("retry " + run, "cancel " + run + " --reason TEXT");
            case RUNNING, WAITING_EVENT, PROMOTING, ENDED -> List.of();
        };
    }

    private List<String> ended() {
        return switch (status.outcome()) {
            case PROMOTED -> List.of("workspace log " + status.workspace(), "audit verify " + run);
            case REJECTED, REFUSED, FAILED, EXPIRED, CANCELLED, ABANDONED ->
                List.of("status " + run, "logs " + run, "retry " + run);
            case null -> List.of();
        };
    }

    /** How to look again at what goes on. */
    static String again(Session session, RunId run) {
        return "`" + session.command("status " + run + " --watch") + "`";
    }
}
