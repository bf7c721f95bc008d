package dev.airlock.cli.audit;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.evidence.checkpoint.CheckpointKeys;
import dev.airlock.evidence.checkpoint.CheckpointRefusedException;
import dev.airlock.evidence.checkpoint.Checkpointer;
import dev.airlock.evidence.checkpoint.NewestCheckpoint;
import dev.airlock.evidence.checkpoint.NewestCheckpoint.Signed;
import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.workspace.git.SystemRepository;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;

/** Signs what the audit topic holds now. */
@Command(
        name = "checkpoint",
        description = "Sign what the audit topic holds now, and show the newest checkpoint.",
        exitCodeList = {
            "0:there is a checkpoint, and it covers everything",
            "1:the topic is not what was signed before; nothing is signed",
            "2:could not find out: unavailable, a usage error"
        },
        footer = {
            "",
            "A server does this every few minutes. What COMMIT names cannot be taken back unseen once you keep that name in",
            "another place: `airlock audit verify --all --checkpoint COMMIT`.",
            "",
            "Examples:",
            "  airlock audit checkpoint",
            "  airlock audit checkpoint -o json | jq -r .partitions[].note"
        })
public final class CheckpointCommand extends Action {
    public CheckpointCommand(Session session) {
        super(session);
    }

    /**
     * The newest checkpoint.
     *
     * @param made whether there was something new to sign
     * @param key what verifies it
     */
    record Answer(String commit, boolean made, long records, String key, List<Signed> partitions) {}

    @Override
    protected int perform() {
        String installation = session().endpoints().installation();
        SigningKey key = CheckpointKeys.of(installation, session().state().secret());
        KafkaClients kafka = KafkaClients.of(session().endpoints().kafka());
        try (SystemRepository system = AuditCommand.system(session())) {
            boolean made = new Checkpointer(
                            () -> new AuditReader(kafka, Topics.AUDIT, AuditCommand.PATIENCE),
                            system,
                            key,
                            installation,
                            Clock.systemUTC())
                    .make()
                    .isPresent();
            NewestCheckpoint newest = NewestCheckpoint.in(system).orElseThrow(CheckpointCommand::nothing);
            Answer answer = new Answer(
                    newest.commit(), made, newest.records(), key.verifying().toString(), newest.partitions());
            answers().give(answer, text -> write(answer, text));
            return YES;
        } catch (CheckpointRefusedException e) {
            throw new AirlockException(
                            ErrorCode.TAMPERED, String.valueOf(e.getMessage()), Topics.AUDIT, "nothing was signed")
                    .causedBy(e);
        } catch (IOException e) {
            throw Translations.of(e, "the checkpoints of " + session().state(), null);
        }
    }

    private static AirlockException nothing() {
        return new AirlockException(
                ErrorCode.NOT_FOUND, "the audit topic is empty: there is nothing to sign", Topics.AUDIT, null);
    }

    private static void write(Answer answer, Text text) {
        text.line("commit  " + answer.commit() + (answer.made() ? "" : "  (nothing new since)"));
        text.line("key     " + answer.key());
        text.table(
                List.of("PARTITION", "RECORDS", "SIGNED", "ROOT"),
                answer.partitions().stream()
                        .map(each -> List.of(
                                Integer.toString(each.partition()),
                                Long.toString(each.records()),
                                each.time().toString(),
                                each.root()))
                        .toList());
    }
}
