package dev.airlock.cli.session;

import dev.airlock.platform.failure.PlatformException;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Tells a failure: the error object or one plain line, and the exit code. A stack trace only for who asks for it. */
public final class Errors {
    private Errors() {}

    /** A command that could not be understood. */
    public static int usage(Session session, ParameterException failure, String[] arguments) {
        // Parsing ended at the mistake, and -o json may stand behind it.
        if (wantsJson(arguments)) {
            session.globals().format(Format.JSON);
        }
        AirlockException own = own(failure);
        return failed(session, own == null ? Misuse.of(failure) : own);
    }

    /** What an option's own method said no with. */
    private static @Nullable AirlockException own(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof AirlockException known) {
                return known;
            }
        }
        return null;
    }

    /** A command that did not come to an answer. */
    public static int failed(Session session, Exception failure) {
        AirlockException told = told(failure);
        session.answers().error(told);
        if (session.debugging()) {
            failure.printStackTrace(session.environment().err());
        }
        return told.code().exitCode();
    }

    private static AirlockException told(Exception failure) {
        return switch (failure) {
            case AirlockException known -> known;
            case PlatformException platform -> Translations.of(platform);
            case UncheckedIOException io
            when io.getCause() != null -> Translations.of(io.getCause(), "input or output", null);
            case IOException io -> Translations.of(io, "input or output", null);
            default ->
                new AirlockException(
                                ErrorCode.INTERNAL,
                                "a bug in airlock: " + firstLine(failure),
                                null,
                                "--debug shows where; please report it")
                        .causedBy(failure);
        };
    }

    private static String firstLine(Exception failure) {
        return failure.toString().lines().findFirst().orElse("");
    }

    private static boolean wantsJson(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i].toLowerCase(Locale.ROOT);
            boolean named = argument.equals("-o") || argument.equals("--output");
            if ((named && i + 1 < arguments.length && arguments[i + 1].equalsIgnoreCase("json"))
                    || List.of("-ojson", "-o=json", "--output=json").contains(argument)) {
                return true;
            }
        }
        return false;
    }

    /** For commands that only group others. */
    public static AirlockException subcommandMissing(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        return new AirlockException(
                ErrorCode.USAGE,
                "`" + name + "` needs a command: "
                        + Words.either(List.copyOf(command.getSubcommands().keySet())),
                name,
                "see `" + name + " --help`");
    }
}
