package dev.airlock.cli.dlq;

import dev.airlock.cli.Golden;
import dev.airlock.cli.session.Answers;
import dev.airlock.cli.session.Items;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.deadletter.DeadLetter;
import dev.airlock.starter.deadletter.DeadLetterBox.Entry;
import dev.airlock.starter.deadletter.Settlement;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs get of dead letters. */
class DlqAnswersTest {
    private static final Instant TIME = Instant.parse("2026-11-23T14:00:00Z");
    private static final DeadLetter.Origin ORIGIN = new DeadLetter.Origin("airlock.requests", 2, 17, TIME);
    private static final DeadLetter.Claimed EVENT =
            new DeadLetter.Claimed("https://billing.example/", "invoice-17", "dev.airlock.change.requested.v1");
    private static final Settlement SETTLED =
            new Settlement("letter-1", Settlement.How.DISCARDED, new Principal("user:rita"), TIME, "a test");

    @Test
    void list() throws IOException {
        List<Entry> letters = List.of(
                new Entry("letter-1", Cause.NOT_ALLOWED, "may not", 1, TIME, ORIGIN, EVENT, 120, SETTLED),
                new Entry("letter-2", Cause.NOT_JSON, "broken off", 1, TIME, ORIGIN, null, 9, null));
        Golden.check("dlq-list", Answers.line(new Items<>(letters, null)) + "\n");
    }

    @Test
    void show() throws IOException {
        byte[] bytes = "{\"broken\":".getBytes(StandardCharsets.UTF_8);
        DlqCommand.Raw record = new DlqCommand.Raw(
                null, 18, "key".getBytes(StandardCharsets.UTF_8), List.of(new DeadLetter.Header("h", bytes)), bytes);
        Golden.check(
                "dlq-show",
                Answers.line(new DlqCommand.Letter(
                                "letter-2", Cause.NOT_JSON, "broken off", 1, TIME, ORIGIN, null, null, record))
                        + "\n");
    }

    @Test
    void replayAndDiscard() throws IOException {
        Golden.check("dlq-replay", Answers.line(new DlqCommand.Replay.Replayed(List.of("letter-1"))) + "\n");
        Golden.check("dlq-discard", Answers.line(new DlqCommand.Discard.Discarded(List.of("letter-2"))) + "\n");
    }
}
