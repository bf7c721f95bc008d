package dev.airlock.cli.run;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.run.RunFilter;
import dev.airlock.starter.run.RunList;
import dev.airlock.starter.run.RunSummary;
import dev.airlock.workflows.change.RunState;
import java.time.Duration;
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
        description = "List runs: open ones first, each group newest first.",
        footer = {
            "",
            "Here --state also takes a run state (running, waiting_review, promoting, needs_attention, ended) and then",
            "filters by it; any other value is a state directory. Write ./ended for a directory of such a name.",
            "",
            "Examples:",
            "  airlock runs --workspace orders",
            "  airlock runs --state waiting_review -o json | jq -r .items[].run"
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

    @Override
    protected void state(String value) {
        Optional<RunState> named = Arrays.stream(RunState.values())
                .filter(state -> value != null
                        && state.name().equals(value.toUpperCase(Locale.ROOT).replace('-', '_')))
                .findFirst();
        if (named.isPresent()) {
            wanted = named.get();
            return;
        }
        super.state(value);
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
                Durations.text(Duration.between(run.started(), now)) + " ago");
    }
}
