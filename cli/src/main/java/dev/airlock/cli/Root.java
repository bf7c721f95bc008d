package dev.airlock.cli;

import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program itself. */
@Command(
        name = "airlock",
        versionProvider = Version.class,
        description = "Carry a change into production only if the very same bytes were validated, tested and approved.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Global options may stand before or after the command. Exit code: 0 yes, 1 a definite no, 2 could not find out.",
            "",
            "Examples:",
            "  airlock dev                                              in one terminal; in another:",
            "  airlock workspace create orders --from examples/orders",
            "  airlock push orders --task examples/orders/task.md",
            "  airlock wait RUN --for review && airlock review RUN",
            "  airlock approve RUN --as user:rita --evidence sha256:...",
            "  airlock wait RUN --for end && airlock audit verify RUN"
        })
public final class Root extends Group {
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = 1007,
            description = "Show the version and exit.")
    @SuppressWarnings("unused") // for picocli, which acts on it
    private boolean version;

    public Root(Session session) {
        super(session);
    }
}
