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
        footer = {
            "",
            "A change is pushed into a workspace and becomes a run: its pipeline validates and tests it in sandboxes, a person",
            "approves exactly what was tested, and only that is promoted.",
            "",
            "Examples:",
            "  airlock dev",
            "  airlock workspace create orders --from examples/orders   # in another terminal, as all that follows",
            "  airlock push orders --task examples/orders/task.md --follow",
            "  airlock review run-4q5w                                  # the start of the run's id is enough",
            "  airlock approve run-4q5w --as user:rita --evidence sha256:09a7...",
            "  airlock wait run-4q5w --for end && airlock audit verify run-4q5w"
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
