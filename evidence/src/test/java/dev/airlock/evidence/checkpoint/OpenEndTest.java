package dev.airlock.evidence.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.audit.TopicRecords;
import dev.airlock.evidence.merkle.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen of records that no checkpoint covers yet, and how much a stranger's records may cost. */
class OpenEndTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC);
    private static final SigningKey KEY = SigningKey.of("airlock/" + MemoryTopic.INSTALLATION, new byte[32]);

    private final MemoryTopic topic = new MemoryTopic(1);
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void write() throws IOException {
        topic.write(1, 4);
        new Checkpointer(() -> topic, store, KEY, MemoryTopic.INSTALLATION, CLOCK).make();
        topic.write(2, 4);
        topic.write(3, 4);
    }

    private AuditReport verify(TopicRecords records) throws IOException {
        return new CheckpointedTrail(records, store, List.of(KEY.verifying())).verify();
    }

    /** The topic as the broker hands it out when those offsets are gone. */
    private TopicRecords without(LongPredicate gone) {
        return sink -> topic.read((partition, offset, key, value) -> {
            if (!gone.test(offset)) {
                sink.take(partition, offset, key, value);
            }
        });
    }

    @Test
    void seesThatARunIsGoneByItsOffsets() throws IOException {
        AuditProblem problem = only(verify(without(offset -> offset >= 4 && offset < 8)));

        assertThat(problem.kind()).isEqualTo(Kind.MISSING);
        assertThat(problem.detail()).contains("partition 0", "offset 4 up to 7 are gone");
    }

    @Test
    void seesThatTheBeginningIsGoneWhereNothingWasSigned() throws IOException {
        store.states.clear();
        store.names.clear();

        assertThat(only(verify(without(offset -> offset < 4))).detail()).contains("offset 0 up to 3 are gone");
    }

    @Test
    void doesNotMindOtherOffsetsOfWhatWasSigned() throws IOException {
        topic.firstOffset = 1000;

        assertThat(verify(topic).problems()).isEmpty();
    }

    @Test
    void judgesAFloodWithoutLookingAtEachRecord() throws IOException {
        String run = MemoryTopic.run(2).value();
        for (int i = 0; i < 50_000; i++) {
            topic.append(0, i % 2 == 0 ? run : null, ("rubbish " + i).getBytes(StandardCharsets.UTF_8));
        }

        AuditReport report = verify(topic);

        assertThat(report.ok()).isFalse();
        assertThat(report.problems()).hasSizeLessThan(2_100);
        assertThat(report.problems()).anySatisfy(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.ALTERED);
            assertThat(problem.run()).isEqualTo(ChainId.of(MemoryTopic.run(2)));
            assertThat(problem.detail()).contains("25000 records that are none");
        });
    }

    private static AuditProblem only(AuditReport report) {
        assertThat(report.problems()).as(report.problems().toString()).hasSize(1);
        return report.problems().getFirst();
    }
}
