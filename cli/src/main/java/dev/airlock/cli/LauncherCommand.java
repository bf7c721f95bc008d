package dev.airlock.cli;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command that the launcher does itself, before there is any Java; here so that help lists it. */
abstract class LauncherCommand extends Action {
    private final String name;

    LauncherCommand(Session session, String name) {
        super(session);
        this.name = name;
    }

    @Override
    protected int perform() {
        throw new AirlockException(
                ErrorCode.USAGE,
                name + " is done by the launcher",
                name,
                "run ./airlock " + name + " in the source tree");
    }

    /** Tests. */
    @Command(
            name = "test",
            description = "Set up what tests need, then build and run all of them.",
            footer = {"", "Examples:", "  ./airlock test --yes", "  ./airlock test --yes --chaos"})
    @SuppressWarnings("unused") // the launcher's script reads it
    static final class Test extends LauncherCommand {
        @Option(
                names = "--chaos",
                description =
                        "The long tests with faults instead: outages, kills, lost answers. CONTRIBUTING.md has more.")
        private boolean chaos;

        Test(Session session) {
            super(session, "test");
        }
    }

    /** Measures. */
    @Command(
            name = "bench",
            description = "Measure Airlock against the bare tools it stands on, on this machine.",
            footer = {
                "",
                "Prints one table of ratios, both sides taken in turn. See docs/performance.md, and ./airlock bench --help.",
                "",
                "Examples:",
                "  ./airlock bench",
                "  ./airlock bench --only a1,b3 --blocks 1 -o json"
            })
    @SuppressWarnings("unused") // the bench's own program reads them
    static final class Bench extends LauncherCommand {
        @Option(
                names = "--only",
                split = ",",
                paramLabel = "ID",
                description = "Measure these rows only, such as a1,b3.")
        private List<String> only = List.of();

        @Option(names = "--blocks", paramLabel = "N", description = "Blocks of each side. Default: 5.")
        private int blocks;

        @Option(names = "--results", paramLabel = "DIR", description = "Where the JSON is kept. Default: target/bench.")
        private String results = "";

        @Option(names = "--write-docs", description = "Put the table into docs/performance.md.")
        private boolean writeDocs;

        Bench(Session session) {
            super(session, "bench");
        }
    }
}
