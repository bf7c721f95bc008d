package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.session.SandboxStatus;
import picocli.CommandLine.Command;

/** Moves a sandbox's end. */
@Command(
        name = "extend",
        description = "Let a sandbox live an hour longer.",
        footer = {"", "Examples:", "  airlock sandbox extend sandbox-4q5w"})
public final class ExtendCommand extends SandboxAction {
    public ExtendCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        SandboxStatus status = sandbox().extend();
        answers().give(SandboxAnswer.of(status), text -> write(status, text));
        return YES;
    }
}
