package dev.airlock.cli;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A command that the launcher does itself, before there is any Java; here so that help lists it. */
abstract class LauncherCommand extends Action {
    @Parameters(hidden = true, arity = "0..*")
    private List<String> rest = List.of();

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
                "run ./airlock "
                        + String.join(" ", name, String.join(" ", rest)).strip() + " in the source tree");
    }

    /** Installs. */
    @Command(
            name = "setup",
            description = "Install what is missing: says what, and asks unless --yes.",
            footer = {"", "Examples:", "  ./airlock setup", "  ./airlock setup --docker --temporal --yes"})
    static final class Setup extends LauncherCommand {
        Setup(Session session) {
            super(session, "setup");
        }
    }

    /** Tests. */
    @Command(
            name = "test",
            description = "Set up what tests need, then build and run all of them.",
            footer = {"", "Examples:", "  ./airlock test --yes"})
    static final class Test extends LauncherCommand {
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
    static final class Bench extends LauncherCommand {
        Bench(Session session) {
            super(session, "bench");
        }
    }
}
