package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Session;
import picocli.CommandLine.Command;

/** Interactive sandboxes. */
@Command(
        name = "sandbox",
        description = "Start sandboxes, run commands in them, move files, end them; try what holds on this machine.",
        footer = {
            "",
            "A sandbox lives for two hours, and an hour longer with each `extend`. Files in its workspace stay between commands;",
            "while nobody calls for ten minutes they are kept as a snapshot, its host is freed, and the next call brings it back.",
            "",
            "Examples:",
            "  airlock sandbox start",
            "  airlock sandbox put sandbox-4q5w project .",
            "  airlock sandbox exec sandbox-4q5w -- python3 -m unittest",
            "  airlock sandbox get sandbox-4q5w report ./report",
            "  airlock sandbox stop sandbox-4q5w",
            "  airlock sandbox selftest"
        })
public final class SandboxCommand extends Group {
    public SandboxCommand(Session session) {
        super(session);
    }
}
