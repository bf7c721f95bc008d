package dev.airlock.cli.workspace;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Items;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.Durations;
import dev.airlock.workspace.git.LogEntry;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Guarded repositories. They need no server. */
@Command(
        name = "workspace",
        description = "Make, list and look into workspaces: the git repositories that are guarded.",
        footer = {
            "",
            "Examples:",
            "  airlock workspace create orders --from examples/orders",
            "  airlock workspace log orders"
        })
public final class WorkspaceCommand extends Group {
    public WorkspaceCommand(Session session) {
        super(session);
    }

    /**
     * A workspace.
     *
     * @param git absolute path of the bare repository
     */
    record Workspace(String workspace, String git, List<String> branches, String live) {
        static Workspace of(WorkspaceRepository repository) throws IOException {
            return new Workspace(
                    repository.name(),
                    repository.directory().toAbsolutePath().normalize().toString(),
                    repository.branches(),
                    repository.live());
        }
    }

    /** Makes one. */
    @Command(
            name = "create",
            description = "Make a workspace from a directory, or from a git repository with its history.",
            footer = {
                "",
                "DIR is taken as a git repository only if it is bare or itself holds .git; what is not committed there is",
                "left out. Of any other directory the content becomes the first commit.",
                "",
                "Examples:",
                "  airlock workspace create orders --from examples/orders",
                "  airlock workspace create shop --from ~/src/shop --branch trunk"
            })
    public static final class Create extends Action {
        @Parameters(index = "0", paramLabel = "WORKSPACE", description = "Its name.")
        private String name = "";

        @Option(names = "--from", required = true, paramLabel = "DIR", description = "Where its content comes from.")
        private @Nullable Path from;

        @Option(
                names = "--branch",
                paramLabel = "BRANCH",
                defaultValue = "main",
                description = "The live branch. Default: main.")
        private String branch = "main";

        public Create(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            Path source = from == null ? Path.of(".") : from;
            if (!Files.isDirectory(source)) {
                throw new AirlockException(ErrorCode.NOT_FOUND, "no directory " + source, source.toString(), null);
            }
            session().state().create();
            try (WorkspaceRepository made = session()
                    .change(
                            "workspace",
                            name,
                            Map.of("branch", branch),
                            () -> session().workspaces().create(name, source, branch))) {
                Workspace workspace = Workspace.of(made);
                answers().give(workspace, text -> text.line(workspace.git()));
                return YES;
            } catch (IOException e) {
                throw Translations.of(e, "workspace " + name, name);
            }
        }
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List the workspaces.",
            footer = {
                "",
                "Examples:",
                "  airlock workspace list",
                "  airlock workspace list -o json | jq -r .items[].git"
            })
    public static final class Listing extends Action {
        public Listing(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            Items<Workspace> list = new Items<>(read(), null);
            answers()
                    .give(
                            list,
                            text -> text.table(
                                    List.of("WORKSPACE", "LIVE", "BRANCHES", "GIT"),
                                    list.items().stream()
                                            .map(each -> List.of(
                                                    each.workspace(),
                                                    each.live(),
                                                    String.join(" ", each.branches()),
                                                    each.git()))
                                            .toList()));
            return YES;
        }

        private List<Workspace> read() {
            Workspaces workspaces = session().workspaces();
            List<Workspace> items = new ArrayList<>();
            try {
                for (String name : workspaces.list()) {
                    try (WorkspaceRepository repository = workspaces.open(name)) {
                        items.add(Workspace.of(repository));
                    }
                }
                return items;
            } catch (IOException e) {
                throw Translations.of(e, "the workspaces of " + session().state(), null);
            }
        }
    }

    /** Shows the history of a branch. */
    @Command(
            name = "log",
            description = "Show a branch's history, newest first, and which run promoted each commit.",
            footer = {
                "",
                "Examples:",
                "  airlock workspace log orders",
                "  airlock workspace log orders --branch release"
            })
    public static final class Log extends Action {
        private static final int BRIEF = 10;

        @Parameters(index = "0", paramLabel = "WORKSPACE", description = "Its name.")
        private String name = "";

        @Option(names = "--branch", paramLabel = "BRANCH", description = "Default: the live branch.")
        private @Nullable String branch;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "Most commits. Default: 100.")
        private int limit = 100;

        public Log(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            try (WorkspaceRepository repository = session().workspaces().open(name)) {
                String shown = branch == null ? repository.live() : branch;
                Items<LogEntry> log = new Items<>(repository.log(shown, Math.max(1, limit)), null);
                answers().give(log, text -> log.items().forEach(entry -> write(entry, Instant.now(), text)));
                return YES;
            } catch (IOException e) {
                throw Translations.of(e, "workspace " + name, name);
            }
        }

        private static void write(LogEntry entry, Instant now, Text text) {
            String subject = entry.message().lines().findFirst().orElse("");
            text.line(entry.commit().value().substring(0, BRIEF) + "  " + Durations.relative(entry.time(), now) + "  "
                    + entry.author() + "  " + subject + (entry.run() == null ? "" : "  (" + entry.run() + ")"));
        }
    }
}
