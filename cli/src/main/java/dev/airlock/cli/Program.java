package dev.airlock.cli;

import dev.airlock.cli.help.HelpPage;
import dev.airlock.cli.session.Converters;
import dev.airlock.cli.session.Errors;
import dev.airlock.cli.session.Session;
import java.util.Arrays;
import picocli.CommandLine;

/** The tree of commands, and how their failures are told. */
public final class Program {
    private static final int WIDEST = 110;
    private static final int NARROWEST = 60;

    private final Session session;
    private final CommandLine commands;

    public Program(Session session) {
        this.session = session;
        this.commands = Commands.tree(session);
        Converters.register(commands);
        HelpPage.install(commands, Commands.GROUPS);
        commands.setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(session.environment().printer())
                .setErr(session.environment().printerOfErrors())
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(WIDEST)
                .setColorScheme(new CommandLine.Help.ColorScheme.Builder(
                                session.environment().colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF)
                        .applySystemProperties()
                        .build())
                .setParameterExceptionHandler((failure, arguments) -> Errors.usage(session, failure, arguments))
                .setExecutionExceptionHandler((failure, command, parsed) -> Errors.failed(session, failure));
    }

    /** @return the exit code: 0 yes, 1 a definite no, 2 could not find out */
    public int run(String... arguments) {
        try {
            if (helps(arguments) && session.environment().terminals().out()) {
                int columns = session.environment().size().columns();
                commands.setUsageHelpWidth(Math.clamp(columns, NARROWEST, WIDEST));
            }
            return commands.execute(arguments);
        } catch (RuntimeException e) {
            return Errors.failed(session, e);
        }
    }

    private static boolean helps(String... arguments) {
        return Arrays.stream(arguments).anyMatch(word -> word.equals("-h") || word.equals("--help"));
    }

    CommandLine commands() {
        return commands;
    }
}
