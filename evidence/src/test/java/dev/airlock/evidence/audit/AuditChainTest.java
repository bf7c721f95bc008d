package dev.airlock.evidence.audit;

import static dev.airlock.evidence.audit.Trails.INCARNATION;
import static dev.airlock.evidence.audit.Trails.INSTALLATION;
import static dev.airlock.evidence.audit.Trails.RUN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.airlock.evidence.audit.AuditChain.Plan;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.About;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Names;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditChainTest {
    private static final String OTHER = "0198c2a1-0000-7000-8000-000000000002";

    /** Frozen bytes: a change here makes every trail ever written unverifiable. */
    @Test
    void writesTheFrozenBytes() throws IOException {
        List<AuditEntry> entries = List.of(
                new AuditEntry(
                        "run.started",
                        Instant.parse("2026-01-02T03:04:05.678901Z"),
                        Map.of("workspace", "orders", "author", "user:rené", "branch", "main")),
                new AuditEntry(
                        "step.completed",
                        Instant.parse("2026-01-02T03:04:06Z"),
                        Map.of("step", "test", "attempt", 2, "exitCode", 0L, "reports", List.of("a\n\"b\"", true))));
        List<AuditEvent> first = plan(null, entries, INCARNATION).fresh();
        List<AuditEvent> reset = plan(
                        first.getLast().head(3, 17),
                        List.of(new AuditEntry("run.ended", Instant.EPOCH, Map.of("outcome", "CANCELLED"))),
                        OTHER)
                .fresh();

        List<String> written = new ArrayList<>();
        first.forEach(event -> written.add(new String(event.bytes(), UTF_8)));
        reset.forEach(event -> written.add(new String(event.bytes(), UTF_8)));
        try (InputStream golden = AuditChainTest.class.getResourceAsStream("/golden/audit-v1.jsonl")) {
            assertThat(golden).isNotNull();
            assertThat(String.join("\n", written) + "\n").isEqualTo(new String(golden.readAllBytes(), UTF_8));
        }
    }

    /** The trace is part of what is hashed; a run without one has the bytes it always had. */
    @Test
    void bearsTheTraceOfTheRequest() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        AuditEvent traced = first(new About("orders", "ci", "1", trace));
        AuditEvent untraced = first(new About("orders", "ci", "1", "00-no-trace-01"));

        assertThat(Trails.json(traced.bytes()).get("traceparent").asText()).isEqualTo(trace);
        assertThat(traced.hash()).isNotEqualTo(untraced.hash());
        assertThat(Trails.text(untraced)).isEqualTo(Trails.text(first(null)));
        AuditVerifier verifier = new AuditVerifier();
        verifier.add(traced.bytes());
        assertThat(verifier.report().ok()).isTrue();
    }

    private static AuditEvent first(@Nullable About about) {
        EmitRequest request = new EmitRequest(INSTALLATION, RUN, null, List.of(Trails.entry(1)), null, about);
        return new AuditChain(request, INCARNATION).plan(List.of()).fresh().getFirst();
    }

    @Test
    void numbersAndChainsAfterTheHead() {
        List<AuditEvent> all = Trails.events(RUN, INCARNATION, null, 1, 5);
        AuditHead head = all.get(1).head(2, 40);

        List<AuditEvent> rest = Trails.events(RUN, INCARNATION, head, 3, 3);

        assertThat(rest)
                .extracting(Trails::text)
                .isEqualTo(all.subList(2, 5).stream().map(Trails::text).toList());
        assertThat(all.getFirst().id()).isEqualTo(RUN + "/" + INCARNATION + "/1");
        assertThat(Trails.json(all.getFirst().bytes()).get("previoushash").asText())
                .isEqualTo(Names.auditOrigin(RUN).value());
        assertThat(all.getLast().head(2, 44))
                .isEqualTo(new AuditHead(INCARNATION, 5, all.getLast().hash(), 2, 44));
    }

    @Test
    void opensANewIncarnationWithTheResetAndWhatItContinuesFrom() {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 3).getLast().head(0, 2);

        List<AuditEvent> events = Trails.events(RUN, OTHER, head, 4, 1);

        assertThat(events)
                .extracting(AuditEvent::type)
                .containsExactly("dev.airlock.run.reset.v1", "dev.airlock.step.completed.v1");
        assertThat(Trails.json(events.getFirst().bytes()).get("previoushash").asText())
                .isEqualTo(head.hash().value());
        assertThat(Trails.json(events.getFirst().bytes()).get("data").toString())
                .isEqualTo("{\"hash\":\"" + head.hash() + "\",\"incarnation\":\"" + INCARNATION
                        + "\",\"sequence\":\"3\"}");
        assertThat(events.getLast().id()).endsWith("/2");
    }

    @Test
    void aRunResetBeforeItsFirstEventWasAcknowledgedOpensWithAResetToo() {
        Origin origin = new Origin(INCARNATION, Instant.EPOCH);
        EmitRequest request = new EmitRequest(INSTALLATION, RUN, null, List.of(Trails.entry(1)), origin);

        assertThat(new AuditChain(request, OTHER).plan(List.of()).fresh()).hasSize(2);
        assertThat(new AuditChain(request, INCARNATION).plan(List.of()).fresh()).hasSize(1);
    }

    @Test
    void requestsSurviveTheTripThroughTemporal() throws IOException {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 3).getLast().head(0, 2);
        EmitRequest request = new EmitRequest(
                INSTALLATION, RUN, head, List.of(Trails.entry(4)), new Origin(INCARNATION, Instant.EPOCH));

        EmitRequest read = Payloads.mapper().readValue(Payloads.mapper().writeValueAsBytes(request), EmitRequest.class);

        assertThat(new AuditChain(read, INCARNATION).plan(List.of()).fresh())
                .extracting(Trails::text)
                .isEqualTo(new AuditChain(request, INCARNATION)
                        .plan(List.of()).fresh().stream().map(Trails::text).toList());
    }

    /** A worker died after Kafka had acknowledged: the next workflow task tells the same at another time. */
    @Test
    void adoptsWhatAnEarlierAttemptWroteAtAnotherTime() {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 2).getLast().head(0, 1);
        List<AuditEvent> written = Trails.events(RUN, INCARNATION, head, 3, 2);
        List<AuditEntry> again = List.of(later(3), later(4), later(5));

        Plan plan = new AuditChain(request(head, again), INCARNATION).plan(Trails.bytes(written));

        assertThat(plan.kept().map(AuditEvent::id)).contains(written.getLast().id());
        assertThat(plan.unclaimed()).isEmpty();
        assertThat(plan.fresh()).singleElement().satisfies(event -> {
            assertThat(event.id()).endsWith("/5");
            assertThat(Trails.json(event.bytes()).get("previoushash").asText())
                    .isEqualTo(written.getLast().hash().value());
        });
    }

    @Test
    void adoptsNoMoreThanItWasTold() {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 2).getLast().head(0, 1);
        List<AuditEvent> written = Trails.events(RUN, INCARNATION, head, 3, 4);

        Plan plan = new AuditChain(request(head, List.of(later(3))), INCARNATION).plan(Trails.bytes(written));

        assertThat(plan.kept().map(AuditEvent::id)).contains(written.getFirst().id());
        assertThat(plan.fresh()).isEmpty();
    }

    @Test
    void followsAKeptEventThatNobodyTellsAnyMore() {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 2).getLast().head(0, 1);
        List<AuditEvent> written = Trails.events(RUN, INCARNATION, head, 3, 1);

        Plan plan = new AuditChain(request(head, List.of(later(7))), INCARNATION).plan(Trails.bytes(written));

        assertThat(plan.unclaimed()).hasSize(1);
        assertThat(plan.fresh())
                .singleElement()
                .satisfies(event -> assertThat(event.id()).endsWith("/4"));
    }

    @Test
    void adoptsTheResetOfAnEarlierAttempt() {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 2).getLast().head(0, 1);
        List<AuditEvent> written = Trails.events(RUN, OTHER, head, 3, 1);

        Plan plan = new AuditChain(request(head, List.of(later(3), later(4))), OTHER).plan(Trails.bytes(written));

        assertThat(plan.kept().map(AuditEvent::id)).contains(RUN + "/" + OTHER + "/2");
        assertThat(plan.fresh()).hasSize(1);
    }

    @Test
    void doesNotAdoptWhatIsAlteredForeignOrJunk() {
        AuditHead head = Trails.events(RUN, INCARNATION, null, 1, 2).getLast().head(0, 1);
        List<byte[]> written = Trails.bytes(Trails.events(RUN, INCARNATION, head, 3, 1));
        List<byte[]> records = List.of(
                Trails.altered(written.getFirst(), event -> event.put("time", "2020-01-01T00:00:00Z")),
                Trails.forged(written.getFirst(), event -> event.put("previoushash", "sha256:" + "0".repeat(64))),
                Trails.events(RUN, OTHER, head, 3, 1).getFirst().bytes(),
                new byte[0],
                "junk".getBytes(UTF_8));

        Plan plan = new AuditChain(request(head, List.of(Trails.entry(3))), INCARNATION).plan(records);

        assertThat(plan.kept()).isEmpty();
        assertThat(plan.fresh()).extracting(Trails::text).containsExactly(new String(written.getFirst(), UTF_8));
    }

    @Test
    void refusesWhatAnEventMustNotHold() {
        for (Object value : List.of(1.5, 1.5f, BigDecimal.ONE, 1L << 53, Duration.ZERO, 'c', new byte[1])) {
            assertThatIllegalArgumentException()
                    .as(value.toString())
                    .isThrownBy(() -> plan(null, List.of(data(Map.of("a", List.of(Map.of("b", value))))), INCARNATION))
                    .withMessageContaining("step.lost.data.a[0].b");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(null, List.of(data(Map.of("a", "\ud800"))), INCARNATION));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(null, List.of(new AuditEntry("Run Started", Instant.EPOCH, Map.of())), "i"));
        assertThatIllegalArgumentException().isThrownBy(() -> plan(null, List.of(), INCARNATION));
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        plan(null, List.of(data(Map.of("text", "x".repeat(60_000)))), INCARNATION);

        assertThatExceptionOfType(AuditEventTooLargeException.class)
                .isThrownBy(() -> plan(null, List.of(data(Map.of("text", "ä".repeat(33_000)))), INCARNATION))
                .withMessageContainingAll("step.lost", RUN.value(), "65536", "artifact");
    }

    private static AuditEntry later(int number) {
        AuditEntry entry = Trails.entry(number);
        return new AuditEntry(entry.type(), entry.time().plusSeconds(10), entry.data());
    }

    private static AuditEntry data(Map<String, Object> data) {
        return new AuditEntry("step.lost", Instant.EPOCH, data);
    }

    private static EmitRequest request(@Nullable AuditHead head, List<AuditEntry> entries) {
        return new EmitRequest(INSTALLATION, RUN, head, entries);
    }

    private static Plan plan(@Nullable AuditHead head, List<AuditEntry> entries, String incarnation) {
        return new AuditChain(request(head, entries), incarnation).plan(List.of());
    }
}
