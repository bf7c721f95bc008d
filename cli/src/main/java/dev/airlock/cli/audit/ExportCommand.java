package dev.airlock.cli.audit;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.checkpoint.NewestCheckpoint;
import dev.airlock.evidence.export.ExportArchive;
import dev.airlock.evidence.export.ExportVerifier;
import dev.airlock.evidence.export.TrailExport;
import dev.airlock.evidence.export.TrailExport.Written;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.SystemRepository;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes trails to files that can be verified elsewhere. */
@Command(
        name = "export",
        description = "Write audit trails to a directory or an archive, with what is needed to verify them elsewhere.",
        footer = {
            "",
            "RUN.ndjson is a run's trail, RUN.bundle.json its bundle once it has ended. checkpoint-N is the newest signed checkpoint",
            "of partition N of the topic, key verifies it, and proofs.ndjson proves that each record is in that checkpoint's tree.",
            "With --all, records-N.ndjson is partition N as a whole, and checkpoints.bundle all checkpoints, for git.",
            "`airlock audit verify --from` takes it, with no server. docs/events.md describes the files.",
            "",
            "Examples:",
            "  airlock audit export run-4q5w --to evidence",
            "  airlock audit export --all --to trail.tar.gz"
        })
public final class ExportCommand extends Action {
    @ArgGroup(multiplicity = "1")
    private Trails trails = new Trails();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR|FILE.tar.gz",
            description = "Where to: an empty directory, made if it is not there, or a file.")
    private @Nullable Path to;

    /** One of the two. */
    static final class Trails {
        @Parameters(index = "0..*", paramLabel = "RUN", arity = "1..*", description = "Ids of runs, or of servers.")
        private List<String> runs = List.of();

        @Option(names = "--all", required = true, description = "The topic as a whole.")
        private boolean all;
    }

    public ExportCommand(Session session) {
        super(session);
    }

    /**
     * What was written.
     *
     * @param checkpoint commit of the checkpoint that vouches for it, absent if there is none
     */
    record Answer(
            String to, long records, long proofs, @Nullable String checkpoint, List<String> files) {}

    @Override
    protected int perform() {
        Path target = to == null ? Path.of(".") : to;
        try {
            Answer answer = ExportArchive.isNamed(target) ? archive(target) : export(target);
            answers()
                    .give(
                            answer,
                            text -> text.line(answer.records() + " records in " + answer.to()
                                    + (answer.checkpoint() == null ? "; there is no checkpoint yet" : "")));
            return YES;
        } catch (DirectoryNotEmptyException e) {
            throw new AirlockException(
                            ErrorCode.USAGE, target + " is not empty", target.toString(), "name a new directory")
                    .causedBy(e);
        } catch (IOException e) {
            throw Translations.of(e, "the export to " + target, target.toString());
        }
    }

    private Answer archive(Path archive) throws IOException {
        try (Scratch scratch = Scratch.beside(archive)) {
            Answer answer = export(scratch.directory());
            ExportArchive.write(scratch.directory(), answer.files(), archive);
            return new Answer(
                    archive.toAbsolutePath().normalize().toString(),
                    answer.records(),
                    answer.proofs(),
                    answer.checkpoint(),
                    answer.files());
        }
    }

    private Answer export(Path directory) throws IOException {
        Set<ChainId> chains = new LinkedHashSet<>();
        trails.runs.forEach(typed -> chains.add(AuditCommand.chain(typed, session())));
        try (SystemRepository system = AuditCommand.system(session())) {
            NewestCheckpoint newest = NewestCheckpoint.in(system).orElse(null);
            String key = AuditCommand.keys(session()).getFirst().toString();
            TrailExport export = new TrailExport(AuditCommand.trail(session()).all(), newest, directory);
            Written written = trails.all ? export.all(key) : export.chains(chains, key);
            refuseAbsent(chains, written);
            List<String> files = new ArrayList<>(written.files());
            for (ChainId chain : chains) {
                bundle(chain, directory, files);
            }
            if (trails.all && newest != null) {
                history(system, newest, directory);
                files.add(ExportVerifier.HISTORY);
            }
            return new Answer(
                    directory.toAbsolutePath().normalize().toString(),
                    written.records(),
                    written.proofs(),
                    newest == null ? null : newest.commit(),
                    files);
        }
    }

    private static void history(SystemRepository system, NewestCheckpoint newest, Path directory) throws IOException {
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(directory.resolve(ExportVerifier.HISTORY)))) {
            system.writeBundle(newest.commit(), out);
        }
    }

    private static void refuseAbsent(Set<ChainId> chains, Written written) {
        chains.stream()
                .filter(chain -> !written.files().contains(chain + ".ndjson"))
                .findFirst()
                .ifPresent(chain -> {
                    throw AuditCommand.none(chain);
                });
    }

    /** Also of a run that Temporal has forgotten, nothing is lost: its trail names the artifacts. */
    private void bundle(ChainId chain, Path directory, List<String> files) throws IOException {
        RunId run = chain.run().orElse(null);
        Digest bundle = run == null ? null : bundleOf(run);
        if (bundle == null) {
            return;
        }
        String file = run + ".bundle.json";
        try (InputStream in = session().artifacts().open(bundle)) {
            Files.copy(in, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        files.add(file);
    }

    private @Nullable Digest bundleOf(RunId run) {
        try {
            return session().client().status(run).bundle();
        } catch (AirlockException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.UNAVAILABLE) {
                answers().note("the bundle of " + run + " is left out: " + e.text());
                return null;
            }
            throw e;
        }
    }
}
