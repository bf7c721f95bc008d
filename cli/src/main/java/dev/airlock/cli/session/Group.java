package dev.airlock.cli.session;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only holds others. */
public abstract class Group extends Action {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    protected Group(Session session) {
        super(session);
    }

    @Override
    protected final int perform() {
        CommandLine command = spec.commandLine();
        throw Errors.subcommandMissing(command);
    }
}
