package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Session;
import picocli.CommandLine.Command;

/** Sandboxes. */
@Command(
        name = "sandbox",
        description = "Try this machine's sandboxes.",
        footer = {"", "Examples:", "  airlock sandbox selftest"})
public final class SandboxCommand extends Group {
    public SandboxCommand(Session session) {
        super(session);
    }
}
