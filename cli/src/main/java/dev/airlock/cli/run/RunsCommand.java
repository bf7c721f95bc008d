package dev.airlock.cli.run;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Nearest;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Words;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunSummary;
import dev.airlock.workflows.change.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists runs. */
@Command(
        name = "runs",
        description = "List runs, newest first: where each one stands, and whose it is.",
        footer = {
            "",
            "Here --state also takes a run state (running, waiting-review, promoting, needs-attention or ended) and then",
            "lists only such runs; any other directory that exists, or is written with a slash, is the state directory.",
            "A page holds open runs before ended ones; within it the newest comes first.",
            "",
            "Examples:",
            "  airlock runs --workspace orders",
            "  airlock runs --state waiting-review -o json | jq -r .items[].run"
        })
public final class RunsCommand extends Action {
    private @Nullable RunState wanted;

    @Option(names = "--workspace", paramLabel = "W", description = "Only runs of this workspace.")
    private @Nullable String workspace;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "Most runs to list. Default: 50.")
    private int limit = 50;

    @Option(names = "--page", paramLabel = "NEXT", description = "Go on where the page before ended: its `next`.")
    private @Nullable String page;

    public RunsCommand(Session session) {
        super(session);
    }

    /** A run state, else a directory: one that exists, or is written with a slash, so that no slip of the hand becomes one. */
    @Override
    protected void state(String value) {
        Optional<RunState> named = Arrays.stream(RunState.values())
                .filter(state ->
                        Words.word(state).equals(value.toLowerCase(Locale.ROOT).replace('_', '-')))
                .findFirst();
        if (named.isPresent()) {
            wanted = named.get();
            return;
        }
        if (!value.contains("/") && !Files.isDirectory(Path.of(value))) {
            throw none(value);
        }
        super.state(value);
    }

    private static AirlockException none(String value) {
        List<String> states = Arrays.stream(RunState.values()).map(Words::word).toList();
        String directory = "for a state directory write ./" + value;
        return new AirlockException(
                ErrorCode.USAGE,
                "there is no run state '" + value + "': it is " + Words.either(states),
                "--state",
                Nearest.of(value, states)
                        .map(meant -> "did you mean " + meant + "? " + directory)
                        .orElse(directory));
    }

    @Override
    protected int perform() {
        int size = Math.clamp(limit, 1, 1000);
        RunList list = session().client().runs(new RunFilter(wanted, workspace, size, page));
        answers().give(list, text -> write(list, Instant.now(), text));
        return YES;
    }

    private void write(RunList list, Instant now, Text text) {
        if (list.items().isEmpty()) {
            answers().note("no runs");
            return;
        }
        List<List<String>> rows =
                list.items().stream().map(run -> row(run, now)).toList();
        text.table(List.of("RUN", "WORKSPACE", "STATE", "AUTHOR", "STARTED"), rows);
        if (list.next() != null) {
            answers().note("more: --page " + list.next());
        }
    }

    private static List<String> row(RunSummary run, Instant now) {
        return List.of(
                run.run().value(),
                run.workspace() == null ? "" : run.workspace(),
                run.outcome() == null ? run.state() : run.outcome(),
                run.author() == null ? "" : run.author(),
                Durations.relative(run.started(), now));
    }
}
