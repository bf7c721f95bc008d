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
        // Who types the program's name alone wants to know what it can do.
        if (command.getParent() == null
                && !answers().json()
                && session().environment().terminals().err()) {
            command.usage(command.getErr());
            return UNKNOWN;
        }
        throw Errors.subcommandMissing(command);
    }
}
