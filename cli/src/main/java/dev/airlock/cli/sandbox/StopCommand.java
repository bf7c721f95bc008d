package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.session.SandboxStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a sandbox. */
@Command(
        name = "stop",
        description = "End a sandbox: its command is killed, its files are gone. It does not ask.",
        footer = {"", "Examples:", "  airlock sandbox stop sandbox-4q5w"})
public final class StopCommand extends SandboxAction {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, in one line.")
    private String reason = "";

    public StopCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        SandboxStatus status = sandbox().stop(reason);
        answers().give(SandboxAnswer.of(status), text -> write(status, text));
        return YES;
    }
}
