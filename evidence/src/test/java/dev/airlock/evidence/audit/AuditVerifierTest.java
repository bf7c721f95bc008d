package dev.airlock.evidence.audit;

import static dev.airlock.evidence.audit.Trails.INCARNATION;
import static dev.airlock.evidence.audit.Trails.RUN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditVerifierTest {
    private static final int SIZE = 30;
    private static final List<byte[]> GENUINE = Collections.unmodifiableList(Trails.trail(RUN, SIZE));
    private static final Digest HEAD = hash(GENUINE.getLast());
    private static final String OTHER = "0198c2a1-0000-7000-8000-000000000002";
    private static final String THIRD = "0198c2a1-0000-7000-8000-000000000003";

    static IntStream places() {
        return IntStream.range(0, SIZE);
    }

    static IntStream inner() {
        return IntStream.range(0, SIZE - 1);
    }

    @Test
    void acceptsWhatWasWritten() {
        AuditReport report = verify(GENUINE);

        assertThat(report).isEqualTo(new AuditReport(true, 1, SIZE, HEAD, List.of()));
        assertThat(verify(GENUINE, HEAD).ok()).isTrue();
        assertThat(verify(GENUINE, hash(GENUINE.get(7))).ok())
                .as("the head was read before the trail grew")
                .isTrue();
    }

    @Test
    void acceptsAnotherWayToWriteTheSameJson() throws IOException {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        ObjectNode event = Trails.json(trail.get(4));
        ObjectNode reversed = Payloads.mapper().createObjectNode();
        List<String> names = new ArrayList<>();
        event.fieldNames().forEachRemaining(names::add);
        Collections.reverse(names);
        names.forEach(name -> reversed.set(name, event.get(name)));
        trail.set(
                4,
                (" " + Payloads.mapper().writeValueAsString(reversed).replace("ä", "\\u00e4") + "\r").getBytes(UTF_8));

        assertThat(verify(trail, HEAD).problems()).isEmpty();
    }

    @Test
    void acceptsTypesAndMembersItDoesNotKnow() {
        List<byte[]> trail = new ArrayList<>();
        byte[] first = Trails.forged(
                GENUINE.getFirst(),
                event -> event.put("type", "dev.example.new.v9")
                        .put("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        trail.add(first);

        assertThat(verify(trail).problems()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("places")
    void namesTheAlteredEventWhateverMemberWasAltered(int place) {
        List<String> members = new ArrayList<>();
        Trails.json(GENUINE.get(place)).fieldNames().forEachRemaining(members::add);
        assertThat(members).hasSize(12);
        for (String member : members) {
            for (Consumer<ObjectNode> change : alterations(member, place)) {
                List<byte[]> trail = new ArrayList<>(GENUINE);
                trail.set(place, Trails.altered(trail.get(place), change));

                assertOne(trail, Kind.ALTERED, place + 1, member);
            }
        }
    }

    private static List<Consumer<ObjectNode>> alterations(String member, int place) {
        List<Consumer<ObjectNode>> changes = new ArrayList<>(List.of(event -> event.put(member, "nonsense")));
        if (place != 0 && place != SIZE / 2 && place != SIZE - 1) {
            return changes;
        }
        changes.addAll(List.of(
                event -> event.remove(member),
                event -> event.put(member, 1),
                event -> event.putNull(member),
                event -> event.set(
                        member, Trails.json(GENUINE.get((place + 3) % SIZE)).get(member))));
        if (member.equals("source")
                || member.equals("specversion")
                || member.equals("subject")
                || member.equals("datacontenttype")
                || member.equals("incarnation")
                || member.equals("type")) {
            // The same in every event: another event's member alters nothing.
            changes.remove(changes.size() - 1);
        }
        changes.add(event -> event.put(member, event.path(member).asText() + "0"));
        if (member.equals("subject")) {
            changes.add(event -> event.put(member, Names.run("x", "y", "z").value()));
        }
        return changes;
    }

    @ParameterizedTest
    @MethodSource("inner")
    void namesTheEventThatWasAlteredAndHashedAnew(int place) {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.set(place, Trails.forged(trail.get(place), event -> event.put("time", "2020-01-01T00:00:00Z")));

        assertOne(trail, Kind.ALTERED, place + 1, "time");
    }

    @Test
    void namesTheLastEventThatWasAlteredAndHashedAnewIfTheHeadIsKnown() {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.set(SIZE - 1, Trails.forged(trail.getLast(), event -> event.put("time", "2020-01-01T00:00:00Z")));

        assertThat(verify(trail).ok()).isTrue();
        AuditVerifier verifier = verifier(trail);
        verifier.expectHead(RUN, SIZE, HEAD);
        assertProblems(verifier.report(), "ALTERED 30");
    }

    @ParameterizedTest
    @MethodSource("places")
    void namesTheEventWhosePredecessorWasForged(int place) {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.set(place, Trails.forged(trail.get(place), event -> event.put("previoushash", HEAD.value())));
        AuditVerifier verifier = verifier(trail);
        verifier.expectHead(RUN, SIZE, HEAD);

        assertProblems(verifier.report(), "ALTERED " + (place + 1));
    }

    @ParameterizedTest
    @MethodSource("inner")
    void namesTheMissingEvent(int place) {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.remove(place);

        assertOne(trail, Kind.MISSING, place + 1, "dropped");
    }

    @Test
    void namesAMissingRangeOnce() {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.subList(3, 9).clear();

        assertOne(trail, Kind.MISSING, 4, "4 to 9");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 29})
    void seesThatTheEndIsAbsentOnlyByTheHead(int dropped) {
        List<byte[]> trail = GENUINE.subList(0, SIZE - dropped);

        assertThat(verify(trail).ok()).isTrue();
        assertProblems(verify(trail, HEAD), "TRUNCATED " + (SIZE - dropped + 1));
        AuditVerifier verifier = verifier(trail);
        verifier.expectHead(RUN, SIZE, HEAD);
        assertProblems(verifier.report(), "TRUNCATED " + (SIZE - dropped + 1));
    }

    @Test
    void seesThatAWholeRunIsAbsent() {
        AuditVerifier verifier = verifier(List.of());
        verifier.expectHead(RUN, SIZE, HEAD);

        assertProblems(verifier.report(), "TRUNCATED 1");
        assertThat(verify(List.of(), HEAD).ok()).isFalse();
        assertThat(verify(List.of()).ok()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("inner")
    void namesSwappedNeighbours(int place) {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        Collections.swap(trail, place, place + 1);

        assertOne(trail, Kind.SWAPPED, place + 1, "neighbours");
    }

    @Test
    void namesEachSwapOnce() {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        Collections.swap(trail, 2, 9);
        Collections.swap(trail, 20, 22);

        assertProblems(verify(trail, HEAD), "SWAPPED 3", "SWAPPED 21");
    }

    @ParameterizedTest
    @MethodSource("places")
    void acceptsCopiesAnywhere(int place) {
        for (int at : List.of(0, place, SIZE)) {
            List<byte[]> trail = new ArrayList<>(GENUINE);
            trail.add(at, GENUINE.get(place));

            AuditReport report = verify(trail, HEAD);

            assertThat(report.problems()).isEmpty();
            assertThat(report.events()).isEqualTo(SIZE);
        }
    }

    @Test
    void acceptsABatchThatWasWrittenAgain() {
        List<byte[]> trail = new ArrayList<>(GENUINE.subList(0, 12));
        trail.addAll(GENUINE.subList(9, SIZE));
        trail.addAll(GENUINE);

        assertThat(verify(trail, HEAD).problems()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("places")
    void namesTheEventThatWasRepeatedWithOtherContent(int place) {
        byte[] altered = Trails.altered(GENUINE.get(place), event -> event.put("time", "2020-01-01T00:00:00Z"));
        byte[] forged = Trails.forged(GENUINE.get(place), event -> event.put("time", "2020-01-01T00:00:00Z"));
        for (byte[] other : List.of(altered, forged)) {
            for (int at : List.of(0, place, place + 1, SIZE)) {
                List<byte[]> trail = new ArrayList<>(GENUINE);
                trail.add(at, other);

                assertOne(trail, Kind.REPEATED, place + 1, "repeated at " + at);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 14, 28})
    void namesWhereASecondChainBegins(int common) {
        AuditHead head =
                Trails.events(RUN, INCARNATION, null, 1, common).getLast().head(0, 0);
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.addAll(Trails.bytes(Trails.events(RUN, INCARNATION, head, 100, SIZE + 2 - common)));

        assertOne(trail, Kind.FORKED, common + 1, "same incarnation");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, SIZE})
    void acceptsAReset(int continued) {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.addAll(resetFrom(continued, OTHER));

        AuditReport report = verify(trail);

        assertThat(report.problems()).isEmpty();
        assertThat(report.events()).isEqualTo(SIZE + 6);
        assertThat(report.head()).isEqualTo(hash(trail.getLast()));
    }

    @Test
    void acceptsAResetToTheBeginningAndAResetOfAReset() {
        EmitRequest anew = new EmitRequest(
                Trails.INSTALLATION,
                RUN,
                null,
                List.of(Trails.entry(1), Trails.entry(2)),
                new Origin(INCARNATION, Instant.EPOCH));
        List<AuditEvent> second = new AuditChain(anew, OTHER).plan(List.of()).fresh();
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.addAll(Trails.bytes(second));
        trail.addAll(Trails.bytes(Trails.events(RUN, THIRD, second.get(1).head(0, 0), 5, 3)));

        assertThat(Trails.json(trail.get(SIZE)).at("/data/sequence").asText()).isEqualTo("0");
        assertThat(verify(trail).problems()).isEmpty();
    }

    @Test
    void namesAnIncarnationThatBeginsWithoutAReset() {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.addAll(Trails.bytes(Trails.events(RUN, OTHER, null, 1, 4)));

        assertProblems(verify(trail, HEAD), "FORKED 1");
    }

    @Test
    void namesAResetThatContinuesFromWhatIsNotThere() {
        List<AuditEvent> elsewhere = Trails.events(RUN, INCARNATION, null, 50, 10);
        for (String incarnation : List.of(INCARNATION, THIRD)) {
            AuditHead invented = elsewhere.get(7).head(0, 0);
            AuditHead head = new AuditHead(incarnation, invented.sequence(), invented.hash(), 0, 0);
            List<byte[]> trail = new ArrayList<>(GENUINE);
            trail.addAll(Trails.bytes(Trails.events(RUN, OTHER, head, 60, 3)));

            AuditReport report = verify(trail, HEAD);

            assertProblems(report, "FORKED 1");
            assertThat(report.problems().getFirst().detail()).contains(OTHER);
        }
    }

    @Test
    void seesTheOldIncarnationsMissingEndByTheReset() {
        List<byte[]> trail = new ArrayList<>(GENUINE.subList(0, 25));
        trail.addAll(resetFrom(SIZE, OTHER));

        assertProblems(verify(trail), "MISSING 26");
    }

    @Test
    void namesTamperingInsideALaterIncarnation() {
        for (int place = 0; place < 6; place++) {
            List<byte[]> dropped = new ArrayList<>(GENUINE);
            dropped.addAll(resetFrom(15, OTHER));
            List<byte[]> changed = new ArrayList<>(dropped);
            if (place < 5) {
                dropped.remove(SIZE + place);
                assertProblems(verify(dropped), "MISSING " + (place + 1));
            }
            changed.set(
                    SIZE + place, Trails.altered(changed.get(SIZE + place), event -> event.put("type", "dev.x.v1")));
            assertProblems(verify(changed), "ALTERED " + (place + 1));
        }
    }

    @Test
    void keepsRunsApart() {
        RunId second = Names.run("i", "s", "2");
        List<byte[]> other = Trails.trail(second, SIZE);
        List<byte[]> trail = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            trail.add(GENUINE.get(i));
            trail.add(other.get(i));
        }
        AuditReport report = verify(trail);
        assertThat(report.problems()).isEmpty();
        assertThat(report.runs()).isEqualTo(2);
        assertThat(report.events()).isEqualTo(2 * SIZE);
        assertThat(report.head()).isNull();

        trail.remove(21);
        trail.remove(10);
        AuditVerifier verifier = verifier(trail);
        verifier.expectHead(second, SIZE, hash(other.getLast()));

        List<AuditProblem> problems = verifier.report().problems();
        assertThat(problems).extracting(AuditProblem::run).containsExactly(ChainId.of(RUN), ChainId.of(second));
        assertThat(problems).extracting(AuditProblem::sequence).containsExactly(6L, 11L);
        assertThat(problems).extracting(AuditProblem::kind).containsOnly(Kind.MISSING);
    }

    @Test
    void refusesAnotherRunsEventsUnderThisRunsName() {
        List<byte[]> trail = new ArrayList<>();
        for (byte[] record : Trails.trail(Names.run("i", "s", "2"), 5)) {
            byte[] renamed = Trails.forged(record, event -> {
                event.put("subject", RUN.value());
                event.put(
                        "id",
                        RUN + "/" + INCARNATION + "/" + event.get("sequence").asText());
            });
            trail.add(renamed);
        }

        assertThat(verify(trail).ok()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("places")
    void namesALineThatIsNoEventAnyMore(int place) throws IOException {
        for (String junk : List.of("garbage", "{\"a\":1}", "[]", "{", "\"\\ud800\"", "{\"a\":1,\"a\":2}")) {
            List<byte[]> trail = new ArrayList<>(GENUINE);
            trail.set(place, junk.getBytes(UTF_8));
            AuditVerifier verifier = new AuditVerifier();
            verifier.addLines(lines(trail));
            verifier.expectHead(HEAD);

            AuditReport report = verifier.report();

            assertProblems(report, "ALTERED " + (place + 1));
            assertThat(report.problems().getFirst().detail()).contains("line " + (place + 1));
        }
    }

    @Test
    void namesALineThatDoesNotBelong() throws IOException {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.add(11, new byte[] {(byte) 0xff, 'x'});
        AuditVerifier verifier = new AuditVerifier();
        verifier.addLines(lines(trail));

        List<AuditProblem> problems = verifier.report().problems();

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.ALTERED);
            assertThat(problem.sequence()).isNull();
            assertThat(problem.detail()).contains("line 12");
        });
    }

    @Test
    void namesAFileThatIsCutOffInTheMiddleOfALine() throws IOException {
        byte[] file = lines(GENUINE).readAllBytes();
        AuditVerifier verifier = new AuditVerifier();
        verifier.addLines(new ByteArrayInputStream(file, 0, file.length - 100));
        verifier.expectHead(HEAD);

        assertProblems(verifier.report(), "TRUNCATED 30");
    }

    @Test
    void doesNotNeedTheLastLineToEnd() throws IOException {
        byte[] file = lines(GENUINE).readAllBytes();
        AuditVerifier verifier = new AuditVerifier();
        verifier.addLines(new ByteArrayInputStream(file, 0, file.length - 1));
        verifier.expectHead(HEAD);

        assertThat(verifier.report().problems()).isEmpty();
    }

    @Test
    void survivesAnEndlessLineAndDeepNesting() throws IOException {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.set(3, "x".repeat(3_000_000).getBytes(UTF_8));
        trail.set(8, "[".repeat(900_000).getBytes(UTF_8));
        AuditVerifier verifier = new AuditVerifier();
        verifier.addLines(lines(trail));

        assertProblems(verifier.report(), "ALTERED 4", "ALTERED 9");
    }

    @Test
    void namesSeveralTamperingsAtOnce() {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.set(4, Trails.altered(trail.get(4), event -> event.put("data", "x")));
        trail.set(5, Trails.altered(trail.get(5), event -> event.put("data", "x")));
        trail.set(6, Trails.altered(trail.get(6), event -> event.put("data", "x")));
        Collections.swap(trail, 20, 21);
        trail.remove(12);
        trail.removeLast();

        assertProblems(
                verify(trail, HEAD), "ALTERED 5", "ALTERED 6", "ALTERED 7", "MISSING 13", "SWAPPED 21", "TRUNCATED 30");
    }

    @Test
    void writesKindsAndPlacesAsTheCommandLineShowsThem() {
        List<byte[]> trail = new ArrayList<>(GENUINE);
        trail.remove(2);

        assertThat(Payloads.mapper().<ObjectNode>valueToTree(verify(trail)).toString())
                .startsWith("{\"ok\":false,\"runs\":1,\"events\":29,\"head\":\"" + HEAD
                        + "\",\"problems\":[{\"kind\":\"missing\",\"run\":\"" + RUN
                        + "\",\"sequence\":3,\"detail\":\"");
    }

    private static List<byte[]> resetFrom(int continued, String incarnation) {
        AuditHead head =
                Trails.events(RUN, INCARNATION, null, 1, continued).getLast().head(0, 0);
        return Trails.bytes(Trails.events(RUN, incarnation, head, continued + 1, 5));
    }

    private static void assertOne(List<byte[]> trail, Kind kind, int sequence, String what) {
        assertThat(verify(trail, HEAD).problems()).as(what).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).as(problem.toString()).isEqualTo(kind);
            assertThat(problem.sequence()).as(problem.toString()).isEqualTo(sequence);
            assertThat(problem.run()).isEqualTo(ChainId.of(RUN));
        });
    }

    private static void assertProblems(AuditReport report, String... problems) {
        assertThat(report.problems())
                .extracting(problem -> problem.kind() + " " + problem.sequence())
                .containsExactlyInAnyOrder(problems);
        assertThat(report.ok()).isFalse();
    }

    private static AuditReport verify(List<byte[]> trail) {
        return verifier(trail).report();
    }

    private static AuditReport verify(List<byte[]> trail, Digest head) {
        AuditVerifier verifier = verifier(trail);
        verifier.expectHead(head);
        return verifier.report();
    }

    private static AuditVerifier verifier(List<byte[]> trail) {
        AuditVerifier verifier = new AuditVerifier();
        trail.forEach(verifier::add);
        return verifier;
    }

    private static ByteArrayInputStream lines(List<byte[]> trail) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (byte[] record : trail) {
            file.write(record);
            file.write('\n');
        }
        return new ByteArrayInputStream(file.toByteArray());
    }

    private static Digest hash(byte[] record) {
        return new Digest(Trails.json(record).get("hash").asText());
    }
}
