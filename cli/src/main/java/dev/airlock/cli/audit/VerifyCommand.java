package dev.airlock.cli.audit;

import dev.airlock.cli.sandbox.SandboxClient;
import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.AuditVerifier;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.checkpoint.CheckpointedTrail;
import dev.airlock.evidence.checkpoint.SignedHeads;
import dev.airlock.evidence.merkle.VerifyingKey;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.session.SessionView;
import dev.airlock.workspace.git.SystemRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether audit trails are what was written. */
@Command(
        name = "verify",
        description = "Verify audit trails: of one run, of all, or in a file.",
        exitCodeList = {
            "0:what was written, whole and in order",
            "1:tampered with: the first problem of each kind is named",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {
            "",
            "A run's trail is compared with the head that its workflow knows, or the newest checkpoint, so that a missing end",
            "shows too. For a file, --head takes that head: `hash` under `audit` in `airlock status RUN -o json`.",
            "",
            "--all reads the whole topic and compares it with the signed checkpoints: a run that is missing as a whole, an end",
            "that was cut off and a past that was written anew show up to the newest one. --checkpoint names one that you",
            "kept elsewhere.",
            "",
            "--from takes what `airlock audit export` wrote, and needs no server. --key is the public key that you know from",
            "elsewhere; `airlock audit checkpoint` prints it. Without it the export's own is taken, which anybody could have made.",
            "",
            "Examples:",
            "  airlock audit verify run-4q5w",
            "  airlock audit verify --all",
            "  airlock audit verify --all --checkpoint 4be1f0...",
            "  airlock audit verify --file trail.jsonl --head sha256:09a7...",
            "  airlock audit verify --from trail.tar.gz --key airlock/0123456789abcdef+a245bd14+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
        })
public final class VerifyCommand extends Action {
    @ArgGroup(multiplicity = "1")
    private Trails trails = new Trails();

    @Option(names = "--head", paramLabel = "DIGEST", description = "Hash of an event that must be there: the last one.")
    private @Nullable Digest head;

    @Option(
            names = "--checkpoint",
            paramLabel = "COMMIT",
            description =
                    "With --all or --from: a checkpoint that must be in the history; `airlock audit checkpoint` prints it.")
    private List<String> checkpoints = List.of();

    @Option(names = "--key", paramLabel = "KEY", description = "With --from: the public key that must have signed.")
    private @Nullable VerifyingKey key;

    /** One of the four. */
    static final class Trails {
        @Parameters(index = "0", paramLabel = "RUN", arity = "0..1", description = "The run's id, or a server's.")
        private @Nullable String run;

        @Option(names = "--all", required = true, description = "Every trail, and the topic as a whole.")
        private boolean all;

        @Option(
                names = "--file",
                required = true,
                paramLabel = "F",
                description = "A file of records, one a line; - reads stdin. Needs no server.")
        private @Nullable String file;

        @Option(
                names = "--from",
                required = true,
                paramLabel = "DIR|FILE",
                description = "What `audit export` wrote: a directory, or a file. Needs no server.")
        private @Nullable Path from;
    }

    public VerifyCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        if (key != null && trails.from == null) {
            throw new AirlockException(ErrorCode.USAGE, "--key goes with --from", "--key", null);
        }
        AuditVerifier verifier = new AuditVerifier();
        if (head != null) {
            verifier.expectHead(head);
        }
        AuditReport report = verify(verifier);
        answers().give(report, text -> write(report, text));
        return report.ok() ? YES : NO;
    }

    private AuditReport verify(AuditVerifier verifier) {
        if (trails.file != null) {
            return file(verifier, trails.file);
        }
        if (trails.from != null) {
            return export(trails.from);
        }
        return trails.all
                ? all()
                : chain(verifier, AuditCommand.chain(trails.run == null ? "" : trails.run, session()));
    }

    private AuditReport file(AuditVerifier verifier, String file) {
        try (InputStream in = file.equals("-") ? session().environment().in() : Files.newInputStream(Path.of(file))) {
            verifier.addLines(in);
            AuditReport report = verifier.report();
            if (report.events() == 0 && report.ok()) {
                throw new AirlockException(
                        ErrorCode.NOT_FOUND,
                        "there is no audit event in " + file,
                        file,
                        "`airlock audit show RUN > " + file + "` writes a run's trail");
            }
            return report;
        } catch (IOException e) {
            throw Translations.of(e, "the trail in " + file, file);
        }
    }

    private AuditReport export(Path from) {
        try (VerifiedExport export = new VerifiedExport(from, answers(), key, head, checkpoints)) {
            return export.report();
        } catch (IOException e) {
            throw Translations.of(e, "the export in " + from, from.toString());
        }
    }

    private AuditReport chain(AuditVerifier verifier, ChainId chain) {
        // The head first: what is written while the trail is being read must not look cut off.
        boolean known = chain.run().map(run -> expect(verifier, run)).orElse(false) || expectSigned(verifier, chain);
        AuditCommand.trail(session()).raw(chain, verifier::add);
        AuditReport report = verifier.report();
        if (report.events() == 0 && report.ok()) {
            throw AuditCommand.none(chain);
        }
        if (!known && head == null) {
            answers()
                    .note("neither Temporal nor a checkpoint knows " + chain
                            + ": whether the end was cut off cannot be said without --head");
        }
        return report;
    }

    private AuditReport all() {
        try (SystemRepository system = AuditCommand.system(session())) {
            CheckpointedTrail trail =
                    new CheckpointedTrail(AuditCommand.trail(session()).all(), system, AuditCommand.keys(session()));
            checkpoints.forEach(trail::expect);
            return trail.verify();
        } catch (IOException e) {
            throw Translations.of(e, "the checkpoints of " + session().state(), null);
        }
    }

    /** @return whether the run's workflow is still known */
    private boolean expect(AuditVerifier verifier, RunId run) {
        try {
            if (run.isSandbox()) {
                return expectOfSandbox(verifier, run);
            }
            RunStatus.Audit known = session().client().status(run).audit();
            if (known != null) {
                verifier.expectHead(run, known.sequence(), known.hash());
            }
            return true;
        } catch (AirlockException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    private boolean expectOfSandbox(AuditVerifier verifier, RunId run) {
        Optional<SessionView> view = SandboxClient.named(run.value(), session()).view();
        AuditHead head = view.map(SessionView::audit).orElse(null);
        if (head != null) {
            verifier.expectHead(run, head.sequence(), head.hash());
        }
        return head != null;
    }

    private boolean expectSigned(AuditVerifier verifier, ChainId chain) {
        try (SystemRepository system = AuditCommand.system(session())) {
            return SignedHeads.in(system, AuditCommand.keys(session())).expect(verifier, chain);
        } catch (IOException e) {
            throw Translations.of(e, "the checkpoints of " + session().state(), null);
        }
    }

    private static void write(AuditReport report, Text text) {
        String extent = report.events()
                + (report.events() == 1 ? " event of " : " events of ")
                + report.runs()
                + (report.runs() == 1 ? " run" : " runs");
        if (report.ok()) {
            text.line(Colour.GOOD, "ok: " + extent + (report.head() == null ? "" : ", head " + report.head()));
            writeAnchor(report.checkpoint(), text);
            return;
        }
        text.line(Colour.BAD, "not what was written: " + extent);
        for (AuditProblem problem : report.problems()) {
            String place = problem.run() == null ? "" : problem.run() + " ";
            String sequence = problem.sequence() == null ? "" : "event " + problem.sequence() + " ";
            text.line(Colour.BAD, "  " + place + sequence + problem.kind() + ": " + problem.detail());
        }
    }

    private static void writeAnchor(AuditReport.@Nullable Anchor checkpoint, Text text) {
        if (checkpoint != null) {
            text.line(
                    Colour.FAINT,
                    "checkpoint " + checkpoint.commit() + " of " + checkpoint.time() + " covers " + checkpoint.records()
                            + " records; " + checkpoint.open() + " came since");
        }
    }
}
