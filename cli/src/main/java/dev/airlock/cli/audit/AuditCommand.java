package dev.airlock.cli.audit;

import dev.airlock.cli.run.RunAction;
import dev.airlock.cli.session.Group;
import dev.airlock.cli.session.Session;
import dev.airlock.evidence.audit.AuditTrail;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.RunId;
import java.time.Duration;
import picocli.CommandLine.Command;

/** Audit trails: what Kafka holds of them, and whether it is what was written. */
@Command(
        name = "audit",
        description = "Show and verify the audit trails of runs.",
        footer = {"", "Examples:", "  airlock audit show run-4q5w > trail.jsonl", "  airlock audit verify run-4q5w"})
public final class AuditCommand extends Group {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public AuditCommand(Session session) {
        super(session);
    }

    static AuditTrail trail(Session session) {
        return new AuditTrail(new KafkaClients(session.endpoints().kafka().bootstrap()), Topics.AUDIT, PATIENCE);
    }

    static AirlockException none(RunId run) {
        return new AirlockException(
                ErrorCode.NOT_FOUND,
                "there is no audit trail of " + run,
                run.value(),
                "`airlock runs` lists runs; a trail begins with its run");
    }

    /** Prints one. */
    @Command(
            name = "show",
            description = "Print a run's audit events, exactly as they were written, one a line.",
            footer = {"", "Examples:", "  airlock audit show run-4q5w > trail.jsonl"})
    public static final class Show extends RunAction {
        private boolean any;

        public Show(Session session) {
            super(session);
        }

        @Override
        protected int perform() {
            RunId run = run();
            trail(session()).distinct(run, record -> {
                any = true;
                answers().record(record);
            });
            if (!any) {
                throw none(run);
            }
            return YES;
        }
    }
}
