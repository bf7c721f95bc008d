package dev.airlock.cli.audit;

import dev.airlock.cli.run.RunNames;
import dev.airlock.cli.sandbox.SandboxClient;
import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Session;
import dev.airlock.evidence.audit.AuditTrail;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.checkpoint.CheckpointKeys;
import dev.airlock.evidence.merkle.VerifyingKey;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workspace.git.SystemRepository;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Audit trails: what Kafka holds of them, and whether it is what was written. */
@Command(
        name = "audit",
        description = "Show, verify and sign audit trails.",
        footer = {"", "Examples:", "  airlock audit show run-4q5w > trail.jsonl", "  airlock audit verify run-4q5w"})
public final class AuditCommand extends Group {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    public AuditCommand(Session session) {
        super(session);
    }

    static AuditTrail trail(Session session) {
        return new AuditTrail(KafkaClients.of(session.endpoints().kafka()), Topics.AUDIT, PATIENCE);
    }

    static SystemRepository system(Session session) throws IOException {
        return SystemRepository.in(session.state().workspaces());
    }

    /** Keys that may have signed this installation's checkpoints. */
    static List<VerifyingKey> keys(Session session) {
        return List.of(CheckpointKeys.of(
                        session.state().installation(), session.state().secret())
                .verifying());
    }

    /** What was typed: a server's chain by its whole id, a run's as runs are named. */
    static ChainId chain(String typed, Session session) {
        return ChainId.parse(typed)
                .orElseGet(() -> ChainId.of(
                        typed.startsWith("sandbox-")
                                ? SandboxClient.named(typed, session).id().owner()
                                : RunNames.of(typed, session)));
    }

    static AirlockException none(ChainId chain) {
        return new AirlockException(
                ErrorCode.NOT_FOUND,
                "there is no audit trail of " + chain,
                chain.value(),
                "`airlock runs` lists runs; a trail begins with its run");
    }

    /** Prints one. */
    @Command(
            name = "show",
            description =
                    "Print a run's audit events: as a table on a terminal, else exactly as they were written, one a line.",
            footer = {
                "",
                "Examples:",
                "  airlock audit show run-4q5w",
                "  airlock audit show run-4q5w > trail.jsonl",
                "  airlock audit show run-4q5w --table | less"
            })
    public static final class Show extends Action {
        @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, as `push` printed it, or a server's.")
        private String typed = "";

        @ArgGroup
        private @Nullable Form form;

        /** One of the two; neither asks for what suits where the answer goes. */
        static final class Form {
            @Option(names = "--table", required = true, description = "The table, also where no terminal reads it.")
            @SuppressWarnings("unused") // that it is there is told by the other one
            private boolean table;

            @Option(names = "--raw", required = true, description = "The exact records, also on a terminal.")
            private boolean raw;
        }

        private boolean any;

        public Show(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            ChainId chain = chain(typed, session());
            TrailTable table = new TrailTable();
            boolean forPeople = forPeople();
            trail(session()).distinct(chain, record -> {
                any = true;
                if (forPeople) {
                    table.add(record);
                } else {
                    answers().record(record);
                }
            });
            if (!any) {
                throw none(chain);
            }
            if (forPeople) {
                answers().text(table::write);
            }
            return YES;
        }

        private boolean forPeople() {
            if (answers().json()) {
                return false;
            }
            return form == null ? session().environment().terminals().out() : !form.raw;
        }
    }
}
