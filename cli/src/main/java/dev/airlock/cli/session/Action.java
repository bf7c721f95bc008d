package dev.airlock.cli.session;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** A command: the global options, which may stand after it too, and what it does. */
public abstract class Action implements Callable<Integer> {
    /** Exit code of a yes. */
    protected static final int YES = 0;

    /** Exit code of a definite no. */
    protected static final int NO = 1;

    /** Exit code where no answer was found. */
    protected static final int UNKNOWN = 2;

    /** Options from this order on stand on every command. */
    private static final int EVERYWHERE = 1000;

    private final Session session;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1006,
            description = "Show this help and exit.")
    @SuppressWarnings("unused") // for picocli, which acts on it
    private boolean help;

    protected Action(Session session) {
        this.session = session;
    }

    /** Whether an option stands on every command. */
    public static boolean everywhere(OptionSpec option) {
        return option.order() >= EVERYWHERE;
    }

    protected final Session session() {
        return session;
    }

    protected final Answers answers() {
        return session.answers();
    }

    // Option methods are also called with null, before parsing, to forget an earlier value: there is none to forget,
    // and a
    // value given before the subcommand must outlive that.

    @Option(
            names = "--state",
            paramLabel = "DIR",
            order = 1001,
            description = "State directory. Default: $$AIRLOCK_STATE, or airlock in the XDG state directory.")
    final void states(String @Nullable [] values) {
        if (values != null) {
            List.of(values).forEach(this::state);
        }
    }

    /** One value of {@code --state}; a list, since {@code runs} gives it a second meaning. */
    protected void state(String directory) {
        session.globals().state(Path.of(directory));
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            order = 1002,
            description = "Form of the answer ($$AIRLOCK_OUTPUT).")
    final void format(@Nullable Format format) {
        if (format != null) {
            session.globals().format(format);
        }
    }

    @Option(names = "--yes", order = 1003, description = "Do not ask before something is destroyed ($$AIRLOCK_YES).")
    final void yes(@Nullable Boolean yes) {
        if (Boolean.TRUE.equals(yes)) {
            session.globals().yes();
        }
    }

    @Option(
            names = "--as",
            paramLabel = "PRINCIPAL",
            order = 1004,
            description = "Who acts: user:NAME, agent:NAME or service:NAME ($$AIRLOCK_AS). Default: user:$$USER.")
    final void as(@Nullable String principal) {
        if (principal != null) {
            session.globals().as(principal);
        }
    }

    @Option(names = "--debug", order = 1005, description = "Show where a failure came from ($$AIRLOCK_DEBUG).")
    final void debug(@Nullable Boolean debug) {
        if (Boolean.TRUE.equals(debug)) {
            session.globals().debug();
        }
    }

    @Override
    public final Integer call() {
        return perform();
    }

    /** @return the exit code of an answer; what is none is thrown */
    protected abstract int perform();
}
