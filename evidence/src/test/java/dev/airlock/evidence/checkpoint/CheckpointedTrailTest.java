package dev.airlock.evidence.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.evidence.checkpoint.MemoryTopic.Entry;
import dev.airlock.evidence.merkle.SignedNote;
import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The attacks on a trail that has checkpoints: each is found, named and placed, and nothing else is. */
class CheckpointedTrailTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC);
    private static final String NAME = "airlock/" + MemoryTopic.INSTALLATION;
    private static final SigningKey KEY = SigningKey.of(NAME, new byte[32]);
    private static final SigningKey FOREIGN = SigningKey.of(NAME, foreign());
    private static final int LENGTH = 6;

    private final MemoryTopic topic = new MemoryTopic(2);
    private final MemoryStore store = new MemoryStore();

    /** Six runs, three of them mixed, under four checkpoints; one more run since. */
    @BeforeEach
    void write() throws IOException {
        topic.writeMixed(0, LENGTH, 2, 4, 6);
        sign();
        topic.write(1, LENGTH);
        sign();
        topic.write(3, 3);
        topic.write(8, LENGTH);
        sign();
        AuditHead head = MemoryTopic.events(3, null, 1, 3).getLast().head(1, 0);
        MemoryTopic.events(3, head, 4, 3).forEach(event -> topic.append(1, event));
        sign();
        topic.write(5, LENGTH);
    }

    @Test
    void acceptsWhatWasWritten() throws IOException {
        AuditReport report = verify();

        assertThat(report.problems()).isEmpty();
        assertThat(report.ok()).isTrue();
        assertThat(report.runs()).isEqualTo(7);
        assertThat(report.events()).isEqualTo(7L * LENGTH);
        assertThat(report.checkpoint())
                .isEqualTo(new AuditReport.Anchor("commit-4", CLOCK.instant(), 6L * LENGTH, LENGTH));
    }

    @Test
    void acceptsATrailWithoutAnyCheckpoint() throws IOException {
        store.states.clear();
        store.names.clear();

        assertThat(verify().ok()).isTrue();
        assertThat(verify().checkpoint()).isNull();
    }

    @Test
    void acceptsCopiesThatCameLater() throws IOException {
        List<Entry> copies = List.copyOf(topic.partitions.get(0).subList(3, 9));
        topic.partitions.get(0).addAll(copies);
        assertThat(verify().problems()).isEmpty();
        sign();
        assertThat(verify().problems()).isEmpty();
        assertThat(verify().events()).isEqualTo(7L * LENGTH);
    }

    @Test
    void namesADroppedEvent() throws IOException {
        topic.partitions.get(0).remove((int) topic.places(0, 4).get(2));

        assertOne(Kind.MISSING, 4, 3);
    }

    @Test
    void namesReorderedEvents() throws IOException {
        Collections.swap(
                topic.partitions.get(0),
                topic.places(0, 4).get(2),
                topic.places(0, 4).get(3));

        assertOne(Kind.SWAPPED, 4, 3);
    }

    @Test
    void namesReorderedRuns() throws IOException {
        Collections.swap(topic.partitions.get(0), 6, 7);

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.SWAPPED);
        assertThat(problem.detail()).contains("partition 0 up to 18", "commit-1");
    }

    @Test
    void namesAnAlteredEvent() throws IOException {
        alter(
                0,
                topic.places(0, 6).get(1),
                value -> new String(value, UTF_8)
                        .replace("step.completed", "step.repeated")
                        .getBytes(UTF_8));

        assertOne(Kind.ALTERED, 6, 2);
    }

    @Test
    void namesAnEventThatWasOnlyWrittenInAnotherForm() throws IOException {
        alter(0, topic.places(0, 6).get(1), value -> (" " + new String(value, UTF_8)).getBytes(UTF_8));

        assertOne(Kind.ALTERED, 6, 2);
    }

    @Test
    void namesARunThatWasWrittenAnewFromItsSecondEventOn() throws IOException {
        List<Integer> places = topic.places(0, 2);
        String previous = MemoryTopic.json(value(0, places.get(0))).get("hash").asText();
        for (int place : places.subList(1, LENGTH)) {
            String follows = previous;
            alter(
                    0,
                    place,
                    value -> MemoryTopic.forged(
                            value, event -> event.put("previoushash", follows).put("time", "2025-01-01T00:00:00Z")));
            previous = MemoryTopic.json(value(0, place)).get("hash").asText();
        }

        assertOne(Kind.ALTERED, 2, LENGTH);
    }

    @Test
    void namesACopyWithOtherContent() throws IOException {
        byte[] value = value(0, topic.places(0, 4).get(3));
        topic.append(
                0,
                MemoryTopic.run(4).value(),
                MemoryTopic.forged(value, event -> event.put("time", "2025-01-01T00:00:00Z")));

        assertOne(Kind.REPEATED, 4, 4);
    }

    @Test
    void namesACopyThatWasPutBetweenWhatWasSigned() throws IOException {
        Entry entry = topic.partitions.get(0).get(2);
        topic.partitions.get(0).add(9, entry);

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.SWAPPED);
        assertThat(problem.detail()).contains("copies");
    }

    @Test
    void namesTheRunsWhoseEndWasCutOff() throws IOException {
        List<Entry> partition = topic.partitions.get(0);
        partition.subList(16, partition.size()).clear();

        assertProblems(
                "TRUNCATED " + MemoryTopic.run(4) + " 6",
                "TRUNCATED " + MemoryTopic.run(6) + " 6",
                "TRUNCATED " + MemoryTopic.run(8) + " 1");
    }

    @Test
    void namesRunsThatAreGoneWithTheEnd() throws IOException {
        topic.partitions.get(1).clear();

        assertProblems("TRUNCATED " + MemoryTopic.run(1) + " 1", "TRUNCATED " + MemoryTopic.run(3) + " 1");
    }

    @Test
    void namesAWholeMissingRun() throws IOException {
        topic.partitions.get(0).removeIf(entry -> MemoryTopic.run(4).value().equals(entry.key()));

        assertOne(Kind.MISSING, 4, 1);
    }

    @Test
    void doesNotSeeThatARunIsMissingWhichCameAfterTheNewestCheckpoint() throws IOException {
        topic.partitions.get(1).removeIf(entry -> MemoryTopic.run(5).value().equals(entry.key()));

        assertThat(verify().ok()).isTrue();
    }

    @Test
    void namesAForkOfAChain() throws IOException {
        List<AuditEvent> genuine = MemoryTopic.events(8, null, 1, LENGTH);
        byte[] other = MemoryTopic.forged(genuine.get(3).bytes(), event -> event.put("time", "2025-01-01T00:00:00Z"));
        byte[] next = MemoryTopic.forged(
                genuine.get(4).bytes(),
                event -> event.put(
                        "previoushash", MemoryTopic.json(other).get("hash").asText()));
        topic.append(0, MemoryTopic.run(8).value(), other);
        topic.append(0, MemoryTopic.run(8).value(), next);

        assertOne(Kind.FORKED, 8, 4);
    }

    @Test
    void namesTheRunsOfADeletedSegment() throws IOException {
        topic.partitions.get(0).subList(0, 9).clear();

        assertProblems(
                "MISSING " + MemoryTopic.run(2) + " 1",
                "MISSING " + MemoryTopic.run(4) + " 1",
                "MISSING " + MemoryTopic.run(6) + " 1");
    }

    @Test
    void namesARunWhoseEventsWereReplayedUnderAnotherKey() throws IOException {
        for (AuditEvent event : MemoryTopic.events(8, null, 1, LENGTH)) {
            topic.append(0, MemoryTopic.run(10).value(), event.bytes());
        }

        assertOne(Kind.SWAPPED, 8, 1);
    }

    @Test
    void namesARunWhoseEventsWereReplayedUnderAnotherRunId() throws IOException {
        ChainId other = ChainId.of(MemoryTopic.run(10));
        String previous = new Digest("sha256:" + "0".repeat(64)).value();
        for (AuditEvent event : MemoryTopic.events(8, null, 1, LENGTH)) {
            String follows = previous;
            byte[] forged = MemoryTopic.forged(
                    event.bytes(),
                    changed -> changed.put("subject", other.value())
                            .put(
                                    "id",
                                    changed.get("id")
                                            .asText()
                                            .replace(MemoryTopic.run(8).value(), other.value()))
                            .put(
                                    "previoushash",
                                    changed.get("sequence").asText().equals("1")
                                            ? dev.airlock.workflows.id.Names.auditOrigin(other.value())
                                                    .value()
                                            : follows));
            topic.append(0, other.value(), forged);
            previous = MemoryTopic.json(forged).get("hash").asText();
        }

        assertOne(Kind.ALTERED, 10, 1);
    }

    @Test
    void namesTwoRunsWhoseKeysWereSwapped() throws IOException {
        topic.partitions.get(0).replaceAll(entry -> new Entry(swapped(entry.key()), entry.value()));

        assertProblems("SWAPPED " + MemoryTopic.run(2) + " 1", "SWAPPED " + MemoryTopic.run(4) + " 1");
    }

    private static @Nullable String swapped(@Nullable String key) {
        String two = MemoryTopic.run(2).value();
        String four = MemoryTopic.run(4).value();
        return two.equals(key) ? four : four.equals(key) ? two : key;
    }

    @Test
    void namesAChainThatWasPutIntoThePast() throws IOException {
        List<AuditEvent> invented = MemoryTopic.events(10, null, 1, 2);
        topic.partitions
                .get(0)
                .add(
                        4,
                        new Entry(
                                invented.getFirst().chain().value(),
                                invented.get(0).bytes()));
        topic.partitions
                .get(0)
                .add(
                        8,
                        new Entry(
                                invented.getFirst().chain().value(),
                                invented.get(1).bytes()));

        assertOne(Kind.ALTERED, 10, 1);
    }

    @Test
    void namesARecordThatIsNoEvent() throws IOException {
        topic.append(0, MemoryTopic.run(8).value(), new byte[0]);
        assertOne(Kind.ALTERED, 8, LENGTH + 1);
        topic.partitions.get(0).removeLast();

        topic.append(0, null, "{\"a\":".getBytes(UTF_8));
        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.ALTERED);
        assertThat(problem.run()).isNull();
        assertThat(problem.detail()).contains("partition 0, offset 24");
        topic.partitions.get(0).removeLast();

        alter(0, topic.places(0, 4).get(2), value -> new byte[0]);
        assertOne(Kind.ALTERED, 4, 3);
    }

    @Test
    void namesACheckpointOfAnUnknownKey() throws IOException {
        forge(FOREIGN);

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.ALTERED);
        assertThat(problem.detail()).contains("commit-5", "not signed with a key of this installation");
        assertThatThrownBy(this::sign).isInstanceOf(CheckpointRefusedException.class);
    }

    /** What whoever hides a run would have to sign. */
    private void forge(SigningKey key) throws IOException {
        MemoryStore other = new MemoryStore();
        topic.partitions.get(1).removeIf(entry -> MemoryTopic.run(5).value().equals(entry.key()));
        new Checkpointer(() -> topic, other, key, MemoryTopic.INSTALLATION, CLOCK).make();
        Map<String, byte[]> state = new HashMap<>(store.states.getLast());
        String path = CheckpointFiles.checkpoint(0);
        state.put(path, other.states.getLast().get(path));
        state.put(CheckpointFiles.heads(0), other.states.getLast().get(CheckpointFiles.heads(0)));
        store.add(state);
    }

    @Test
    void namesAnAlteredCheckpoint() throws IOException {
        String path = CheckpointFiles.checkpoint(0);
        store.states
                .getLast()
                .computeIfPresent(
                        path,
                        (unused, note) -> new String(note, UTF_8)
                                .replace("\n24\n", "\n18\n")
                                .getBytes(UTF_8));

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.ALTERED);
        assertThat(problem.detail()).contains("partition 0");
    }

    @Test
    void namesAlteredHeads() throws IOException {
        store.states.get(2).put(CheckpointFiles.heads(0), new byte[0]);

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.ALTERED);
        assertThat(problem.detail()).contains("heads", "commit-3");
    }

    @Test
    void namesACheckpointThatWasRolledBackByALaterState() throws IOException {
        store.add(new HashMap<>(store.states.get(1)));

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(problem.detail()).contains("rolled back", "commit-5");
    }

    @Test
    void namesCheckpointsThatWereRolledBackWithTheirHistory() throws IOException {
        AuditEvent told = announcement("commit-4");
        topic.append(1, told);
        assertThat(verify().problems()).isEmpty();
        store.states.removeLast();
        store.names.removeLast();

        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(problem.run()).isEqualTo(told.chain());
        assertThat(problem.detail()).contains("rolled back", "commit-4");
    }

    @Test
    void namesACheckpointThatSomebodyKeptTheNameOf() throws IOException {
        topic.partitions.get(0).subList(18, 24).clear();
        store.states.subList(2, 4).clear();
        store.names.subList(2, 4).clear();

        assertThat(verify().ok()).as("all that is left here agrees").isTrue();
        AuditReport report = new CheckpointedTrail(topic, store, List.of(KEY.verifying()))
                .expect("commit-1")
                .expect("commit-4")
                .verify();
        assertThat(assertOne(report).kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(report.problems().getFirst().detail()).contains("commit-4");
    }

    /** As a server writes it; here on a run's chain, which is as good. */
    private static AuditEvent announcement(String commit) {
        var entry = new dev.airlock.workflows.audit.AuditEntry(
                "checkpoint.signed", CLOCK.instant(), Map.of("commit", commit));
        var request = new dev.airlock.workflows.audit.AuditActivities.EmitRequest(
                MemoryTopic.INSTALLATION, MemoryTopic.run(12), null, List.of(entry));
        return new dev.airlock.evidence.audit.AuditChain(request, MemoryTopic.INCARNATION)
                .plan(List.of())
                .fresh()
                .getFirst();
    }

    @Test
    void aCheckpointCostsOnlyWhatIsNew() throws IOException {
        sign();
        topic.reads = 0;
        topic.write(7, LENGTH);
        sign();

        assertThat(topic.reads).isEqualTo(LENGTH + 2);
        assertThat(verify().problems()).isEmpty();
        assertThat(sign()).as("nothing new").isEmpty();
        topic.append(1, announcement("commit-4"));
        assertThat(sign()).as("nothing but a checkpoint's own event").isEmpty();
    }

    @Test
    void goesOnWhenABrokerHasTheSameRecordsAtOtherOffsets() throws IOException {
        topic.firstOffset = 1000;
        Optional<Checkpointer.Made> made = sign();

        assertThat(made.orElseThrow().added()).isEqualTo(LENGTH);
        assertThat(verify().problems()).isEmpty();
        topic.write(7, LENGTH);
        topic.reads = 0;
        sign();
        assertThat(topic.reads).isEqualTo(LENGTH + 2);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void doesNotSignOnTopOfWhatWasTamperedWith() throws IOException {
        List<Entry> genuine = List.copyOf(topic.partitions.get(0));
        topic.partitions.get(0).removeLast();
        assertThatThrownBy(this::sign)
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("23 records, but 24 were signed");
        topic.partitions.get(0).add(genuine.get(3));
        assertThatThrownBy(this::sign)
                .isInstanceOf(CheckpointRefusedException.class)
                .hasMessageContaining("are not those that were signed");
        topic.partitions.set(0, new ArrayList<>(genuine));
        store.states
                .getLast()
                .put(CheckpointFiles.edge(0), store.states.getFirst().get(CheckpointFiles.edge(0)));
        assertThatThrownBy(this::sign).isInstanceOf(CheckpointRefusedException.class);
        assertThat(store.names).hasSize(4);
    }

    @Test
    void twoAtOnceMakeOneHistory() throws IOException {
        store.beforeAppend = () -> {
            try {
                sign();
                topic.write(9, LENGTH);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        assertThat(sign().orElseThrow().commit()).isEqualTo("commit-6");

        assertThat(store.names).hasSize(6);
        assertThat(verify().problems()).isEmpty();
        assertThat(verify().checkpoint()).extracting(anchor -> anchor.open()).isEqualTo(0L);
    }

    @Test
    void everyByteOfACheckpointCounts() throws IOException {
        String path = CheckpointFiles.checkpoint(0);
        byte[] note = file(path);
        for (int i = 0; i < note.length; i += 29) {
            byte[] changed = note.clone();
            changed[i] ^= 1;
            store.states.getLast().put(path, changed);
            assertThat(verify().ok()).as("byte %s", i).isFalse();
        }
    }

    @Test
    void isASignedNoteThatOthersRead() {
        SignedNote note = SignedNote.parse(file(CheckpointFiles.checkpoint(0)));

        assertThat(note.isSignedBy(KEY.verifying())).isTrue();
        assertThat(note.text()).startsWith("airlock/0123456789abcdef/audit/0\n24\n");
        assertThat(new String(file(CheckpointFiles.KEY), UTF_8).strip())
                .isEqualTo(KEY.verifying().toString());
        assertThat(store.states.getFirst().get(CheckpointFiles.heads(0)))
                .asString(UTF_8)
                .hasLineCount(3)
                .contains(MemoryTopic.run(6) + " " + MemoryTopic.INCARNATION + " 6 sha256:");
    }

    private Optional<Checkpointer.Made> sign() throws IOException {
        return new Checkpointer(() -> topic, store, KEY, MemoryTopic.INSTALLATION, CLOCK).make();
    }

    private AuditReport verify() throws IOException {
        return new CheckpointedTrail(topic, store, List.of(KEY.verifying())).verify();
    }

    private void assertOne(Kind kind, int run, long sequence) throws IOException {
        AuditProblem problem = assertOne(verify());
        assertThat(problem.kind()).as(problem.toString()).isEqualTo(kind);
        assertThat(problem.run()).as(problem.toString()).isEqualTo(ChainId.of(MemoryTopic.run(run)));
        assertThat(problem.sequence()).as(problem.toString()).isEqualTo(sequence);
    }

    private static AuditProblem assertOne(AuditReport report) {
        assertThat(report.ok()).isFalse();
        assertThat(report.problems()).hasSize(1);
        return report.problems().getFirst();
    }

    private void assertProblems(String... problems) throws IOException {
        assertThat(verify().problems())
                .extracting(problem -> problem.kind() + " " + problem.run() + " " + problem.sequence())
                .containsExactlyInAnyOrder(problems);
    }

    private byte[] file(String path) {
        return Objects.requireNonNull(store.states.getLast().get(path));
    }

    private byte[] value(int partition, int place) {
        return topic.partitions.get(partition).get(place).value();
    }

    private void alter(int partition, int place, java.util.function.UnaryOperator<byte[]> change) {
        Entry entry = topic.partitions.get(partition).get(place);
        byte[] changed = change.apply(entry.value());
        assertThat(CanonicalJson.sha256(changed)).isNotEqualTo(CanonicalJson.sha256(entry.value()));
        topic.partitions.get(partition).set(place, new Entry(entry.key(), changed));
    }

    private static byte[] foreign() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 9);
        return seed;
    }
}
