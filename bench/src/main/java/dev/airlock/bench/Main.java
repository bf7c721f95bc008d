package dev.airlock.bench;

import picocli.CommandLine;

/** {@code airlock bench}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Errors::usage)
                .setExecutionExceptionHandler(Errors::failed);
        System.exit(line.execute(arguments));
    }
}
