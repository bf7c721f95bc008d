package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Items;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.starter.run.Durations;
import dev.airlock.starter.session.SandboxList;
import dev.airlock.starter.session.SandboxStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists sandboxes. */
@Command(
        name = "list",
        description = "List sandboxes, newest first: where each one stands, whose it is, when it ends.",
        footer = {
            "",
            "Examples:",
            "  airlock sandbox list",
            "  airlock sandbox list --all -o json | jq -r .items[].sandbox"
        })
public final class ListCommand extends Action {
    @Option(names = "--all", description = "Also those that have ended.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "Most to list. Default: 50.")
    private int limit = 50;

    @Option(names = "--page", paramLabel = "NEXT", description = "Go on where the page before ended: its `next`.")
    private @Nullable String page;

    public ListCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        SandboxList list = SandboxClient.of(session()).list(all, Math.clamp(limit, 1, 1000), page);
        Items<SandboxAnswer> items =
                new Items<>(list.items().stream().map(SandboxAnswer::of).toList(), list.next());
        answers().give(items, text -> write(list, Instant.now(), text));
        return YES;
    }

    private void write(SandboxList list, Instant now, Text text) {
        if (list.items().isEmpty()) {
            answers().note("no sandboxes");
            return;
        }
        text.table(
                List.of("SANDBOX", "STATE", "AUTHOR", "STARTED", "EXPIRES"),
                list.items().stream().map(each -> row(each, now)).toList());
        if (list.next() != null) {
            answers().note("more: --page " + list.next());
        }
    }

    private static List<String> row(SandboxStatus each, Instant now) {
        return List.of(
                each.sandbox().value(),
                each.outcome() == null ? each.state() : each.outcome(),
                each.author() == null ? "" : each.author(),
                each.started() == null ? "" : Durations.relative(each.started(), now),
                each.expires() == null || each.outcome() != null
                        ? ""
                        : each.expires().toString());
    }
}
