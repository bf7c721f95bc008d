package dev.airlock.bench;

import dev.airlock.platform.failure.PlatformException;
import picocli.CommandLine;

/** Tells a failure in one line; a stack trace only for who asks for it with {@code --debug}. */
final class Errors {
    private static final int COULD_NOT = 2;

    private Errors() {}

    static int usage(CommandLine.ParameterException failure, String[] arguments) {
        System.err.println("airlock: " + failure.getMessage() + "; see `./airlock bench --help`");
        return COULD_NOT;
    }

    static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
        String hint = failure instanceof PlatformException platform
                ? platform.hint().map(text -> "; " + text).orElse("")
                : "";
        System.err.println("airlock: nothing was measured: "
                + (failure instanceof PlatformException ? failure.getMessage() : failure) + hint);
        if (parsed.hasMatchedOption("--debug")) {
            failure.printStackTrace();
        }
        return COULD_NOT;
    }
}
