package dev.airlock.activities.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.AuditTrail;
import dev.airlock.evidence.audit.AuditVerifier;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities;
import dev.airlock.workflows.audit.AuditActivities.About;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditActivities.Origin;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit log against a real broker that goes away and comes back. */
class KafkaAuditLogIT {
    private static final String INSTALLATION = "0123456789abcdef";
    private static final String INCARNATION = "0198c2a1-0000-7000-8000-000000000001";
    private static final String RESET = "0198c2a1-0000-7000-8000-000000000002";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    @TempDir
    static Path store;

    private static TestBroker broker;
    private static KafkaClients kafka;

    private KafkaAuditLog log;
    private RunId run;
    private TestActivityEnvironment environment;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = new TestBroker(directory);
        kafka = new KafkaClients(broker.bootstrap());
        kafka.createTopics((short) 1, Duration.ofSeconds(30));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void openLog() {
        log = new KafkaAuditLog(kafka, Topics.AUDIT);
        environment = TestActivityEnvironment.newInstance();
        run = Names.run(INSTALLATION, "test", UUID.randomUUID().toString());
    }

    @AfterEach
    void closeLog() {
        environment.close();
        log.close();
    }

    @Test
    void whatIsWrittenIsReadBackExactlyAndVerifies() {
        AuditHead first = append(null, 0, 1, 2, 3);
        AuditHead second = append(first, 0, 4);
        AuditHead last = append(second, 0, 5, 6);

        assertThat(last.sequence()).isEqualTo(6);
        assertThat(last.partition()).isEqualTo(first.partition());
        AuditReport report = verify(last);
        assertThat(report.problems()).isEmpty();
        assertThat(report.events()).isEqualTo(6);
        assertThat(report.head()).isEqualTo(last.hash());
        ConsumerRecord<String, byte[]> record = at(last);
        assertThat(record.key()).isEqualTo(run.value());
        assertThat(new String(record.headers().lastHeader("content-type").value(), UTF_8))
                .isEqualTo("application/cloudevents+json");
        assertThat(record.value()).isEqualTo(raw().getLast());
    }

    @Test
    void theSameRequestAgainFindsItsEventsWritten() {
        AuditHead head = append(null, 0, 1, 2);
        AuditHead written = append(head, 0, 3, 4);

        assertThat(append(head, 0, 3, 4)).isEqualTo(written);

        assertThat(raw()).hasSize(4);
    }

    /** A killed worker: Kafka acknowledged, Temporal never heard of it, and the next workflow task has another clock. */
    @Test
    void aRepeatedWorkflowTaskWithAnotherClockWritesNoSecondContent() {
        AuditHead first = append(null, 0, 1, 2);
        AuditHead repeatedFirst;
        AuditHead last;
        try (KafkaAuditLog nextWorker = new KafkaAuditLog(kafka, Topics.AUDIT)) {
            repeatedFirst = nextWorker.append(request(null, 10, 1, 2), INCARNATION, PATIENCE, () -> {});
            append(first, 0, 3);
            last = nextWorker.append(request(first, 10, 3, 4), INCARNATION, PATIENCE, () -> {});
        }

        assertThat(repeatedFirst).isEqualTo(first);
        assertThat(last.sequence()).isEqualTo(4);
        assertThat(raw()).hasSize(4);
        assertThat(verify(last).problems()).isEmpty();
    }

    @Test
    void whoHasTheRunAloneAsksNobody() {
        AuditHead first = log.append(takenOver(request(null, 0, 1, 2), false), INCARNATION, PATIENCE, () -> {});
        AuditHead last = log.append(takenOver(request(first, 0, 3), false), INCARNATION, PATIENCE, () -> {});

        assertThat(last.sequence()).isEqualTo(3);
        assertThat(last.partition()).isEqualTo(first.partition());
        assertThat(at(last).key()).isEqualTo(run.value());
        assertThat(raw()).hasSize(3);
        assertThat(verify(last).problems()).isEmpty();
        // What was tried once is looked for.
        assertThat(log.append(takenOver(request(first, 5, 3), false).tried(), INCARNATION, PATIENCE, () -> {}))
                .isEqualTo(last);
        assertThat(raw()).hasSize(3);
    }

    @Test
    void whoTakesARunOverCopiesItsLastEventBeforeItReadsBack() {
        AuditHead first = append(null, 0, 1, 2);
        AuditHead last = log.append(takenOver(request(first, 0, 3), true), INCARNATION, PATIENCE, () -> {});

        List<byte[]> written = raw();
        assertThat(last.sequence()).isEqualTo(3);
        assertThat(written).hasSize(4);
        assertThat(written.get(2)).isEqualTo(written.get(1));
        assertThat(verify(last).problems()).isEmpty();
    }

    @Test
    void whoTakesARunOverThatHasNoEventYetCopiesThatOfAnother() {
        AuditHead other = append(null, 0, 1, 2);
        RunId young = sibling(other.partition());
        EmitRequest request = request(young, null, 0, 1);

        AuditHead head = log.append(takenOver(request, true), INCARNATION, PATIENCE, () -> {});

        assertThat(head.sequence()).isEqualTo(1);
        assertThat(head.offset()).isEqualTo(other.offset() + 2);
        assertThat(raw()).hasSize(3);
        assertThat(distinct()).hasSize(2);
        AuditVerifier verifier = new AuditVerifier();
        trail().all(verifier::add);
        assertThat(verifier.report().problems()).isEmpty();
    }

    /** A run whose key goes to the same partition. */
    private static RunId sibling(int partition) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> Names.run(INSTALLATION, "test", UUID.randomUUID().toString()))
                .filter(one -> KafkaClients.partition(one.value(), 4) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static EmitRequest takenOver(EmitRequest request, boolean takenOver) {
        return new EmitRequest(
                request.installation(),
                request.run(),
                request.head(),
                request.entries(),
                request.origin(),
                request.about(),
                takenOver);
    }

    @Test
    void twoWorkersWithTheSameHeadWriteIdenticalCopiesAtMost() throws Exception {
        AuditHead head = append(null, 0, 1);
        List<Callable<AuditHead>> racers = new ArrayList<>();
        List<KafkaAuditLog> logs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            KafkaAuditLog racer = new KafkaAuditLog(kafka, Topics.AUDIT);
            logs.add(racer);
            racers.add(() -> racer.append(request(head, 0, 2, 3, 4), INCARNATION, PATIENCE, () -> {}));
        }
        List<AuditHead> heads = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<AuditHead> result : threads.invokeAll(racers)) {
                heads.add(result.get());
            }
        }
        logs.forEach(KafkaAuditLog::close);

        assertThat(heads)
                .extracting(AuditHead::hash)
                .containsOnly(heads.getFirst().hash());
        AuditHead last = append(heads.get(2), 0, 5);
        assertThat(verify(last).problems()).isEmpty();
        assertThat(new HashSet<>(texts(raw()))).hasSize(5);
        assertThat(distinct()).hasSize(5);
    }

    @Test
    void aResetForksLegally() {
        AuditHead head = append(null, 0, 1, 2);
        append(head, 0, 3, 4);

        AuditHead reset = log.append(request(head, 60, 3), RESET, PATIENCE, () -> {});

        assertThat(reset.incarnation()).isEqualTo(RESET);
        assertThat(reset.sequence()).isEqualTo(2);
        AuditReport report = verify(reset);
        assertThat(report.problems()).isEmpty();
        assertThat(report.events()).isEqualTo(6);
    }

    @Test
    void manyRunsAtOnceKeepTheirOrder() throws Exception {
        List<Callable<AuditHead>> runs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            RunId one = Names.run(INSTALLATION, "test", UUID.randomUUID().toString());
            runs.add(() -> {
                AuditHead head = null;
                for (int event = 1; event <= 10; event += 2) {
                    head = log.append(request(one, head, 0, event, event + 1), INCARNATION, PATIENCE, () -> {});
                }
                return head;
            });
        }
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<AuditHead> result : threads.invokeAll(runs)) {
                assertThat(result.get().sequence()).isEqualTo(10);
            }
        }
        AuditVerifier verifier = new AuditVerifier();
        trail().all(verifier::add);
        assertThat(verifier.report().problems()).isEmpty();
    }

    @Test
    void anOutageDelaysAndNothingIsLost() {
        AuditHead head = append(null, 0, 1);
        broker.stop();
        try {
            for (int attempt = 0; attempt < 3; attempt++) {
                long start = System.nanoTime();
                assertThatThrownBy(() ->
                                log.append(request(head, 0, 2, 3), INCARNATION, Duration.ofMillis(1500), () -> {}))
                        .isInstanceOf(PlatformException.class)
                        .hasMessageContainingAll(Topics.AUDIT, broker.bootstrap())
                        .extracting(e -> ((PlatformException) e).code())
                        .isEqualTo(PlatformException.Code.UNAVAILABLE);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            }
            assertThatThrownBy(() -> new AuditTrail(kafka, Topics.AUDIT, Duration.ofSeconds(2)).raw(run, value -> {}))
                    .isInstanceOf(PlatformException.class)
                    .hasMessageContaining(broker.bootstrap());
            long start = System.nanoTime();
            KafkaAuditLog started = new KafkaAuditLog(kafka, Topics.AUDIT);
            assertThatThrownBy(() -> started.append(request(null, 0, 1), INCARNATION, Duration.ofMillis(500), () -> {}))
                    .isInstanceOf(PlatformException.class);
            started.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        } finally {
            broker.start();
        }

        AuditHead last = log.append(request(head, 0, 2, 3), INCARNATION, Duration.ofSeconds(60), () -> {});

        assertThat(last.sequence()).isEqualTo(3);
        assertThat(verify(last).problems()).isEmpty();
        assertThat(distinct()).hasSize(3);
    }

    /** A stopped process that goes on: what it had queued must not follow what its successor has told. */
    @Test
    void whatIsSentAtOnceIsGivenUpBeforeAnotherCanHaveTheRun() {
        AuditHead head = log.appendAtOnce(takenOver(request(null, 0, 1), false), INCARNATION, PATIENCE);
        broker.stop();
        try {
            assertThatThrownBy(() -> log.appendAtOnce(
                            takenOver(request(head, 0, 2), false), INCARNATION, Duration.ofMillis(100)))
                    .isInstanceOf(PlatformException.class);
            // Its turn is over when Kafka has the event, or never will.
            assertThatThrownBy(() -> log.appendAtOnce(request(head, 0, 2), INCARNATION, Duration.ofSeconds(4)))
                    .isInstanceOf(PlatformException.class);
        } finally {
            broker.start();
        }
        AuditHead last;
        try (KafkaAuditLog successor = new KafkaAuditLog(kafka, Topics.AUDIT)) {
            last = successor.append(takenOver(request(head, 10, 2), true), INCARNATION, PATIENCE, () -> {});
        }
        // Has the producer of the first one come to itself, it sends what it holds before this.
        append(last, 0, 3);

        assertThat(distinct()).hasSize(3);
        assertThat(verify(append(last, 0, 3)).problems()).isEmpty();
    }

    @Test
    void theActivityNamesTheBrokerThatDoesNotAnswer() {
        try (KafkaAuditLog nowhere = new KafkaAuditLog(new KafkaClients("127.0.0.1:1"), Topics.AUDIT)) {
            environment.registerActivitiesImplementations(new AuditActivitiesImpl(nowhere));
            AuditActivities activities = environment.newLocalActivityStub(
                    AuditActivities.class,
                    LocalActivityOptions.newBuilder()
                            .setScheduleToCloseTimeout(Duration.ofSeconds(10))
                            .setRetryOptions(RetryOptions.newBuilder()
                                    .setMaximumAttempts(1)
                                    .build())
                            .build(),
                    Map.of());

            assertThatThrownBy(() -> activities.emit(request(null, 0, 1)))
                    .isInstanceOf(ActivityFailure.class)
                    .cause()
                    .asInstanceOf(type(ApplicationFailure.class))
                    .satisfies(failure -> {
                        assertThat(failure.getType()).isEqualTo("UNAVAILABLE");
                        assertThat(failure.isNonRetryable()).isFalse();
                        assertThat(failure.getOriginalMessage()).contains("127.0.0.1:1", Topics.AUDIT, run.value());
                    });
        }
    }

    @Test
    void theActivityEmits() {
        environment.registerActivitiesImplementations(new AuditActivitiesImpl(log));
        AuditActivities activities = environment.newActivityStub(AuditActivities.class);

        AuditHead head = activities.emit(request(null, 0, 1, 2));

        assertThat(verify(head).problems()).isEmpty();
        assertThatThrownBy(() -> activities.emit(new EmitRequest(
                        INSTALLATION,
                        run,
                        head,
                        List.of(new AuditEntry("step.lost", Instant.EPOCH, Map.of("share", 0.5))))))
                .cause()
                .hasMessageContaining("step.lost.data.share");
    }

    @Test
    void tellsWhoAskedThatTheRunWaitsAndHowItEnded() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        try (KafkaAuditLog telling = telling()) {
            AuditHead opened = telling.append(about(null, trace, started(), opened()), INCARNATION, PATIENCE, () -> {});
            telling.append(about(opened, trace, ended()), INCARNATION, PATIENCE, () -> {});
        }

        List<JsonNode> told = verdicts();
        assertThat(told)
                .extracting(verdict -> verdict.path("type").asText())
                .containsExactly("dev.airlock.run.waiting.v1", "dev.airlock.run.ended.v1");
        assertThat(told).allSatisfy(verdict -> {
            assertThat(verdict.path("subject").asText()).isEqualTo(run.value());
            assertThat(verdict.path("traceparent").asText()).isEqualTo(trace);
            assertThat(verdict.path("data").path("workspace").asText()).isEqualTo("orders");
            assertThat(verdict.path("data").path("request").toString()).isEqualTo("{\"id\":\"r-1\",\"source\":\"ci\"}");
            assertThat(verdict.path("data").path("evidence").asText()).isEqualTo(EVIDENCE);
        });
        assertThat(told.getFirst().path("data").path("state").asText()).isEqualTo("WAITING_REVIEW");
        assertThat(told.getFirst().path("data").path("step").asText()).isEqualTo("review");
        assertThat(told.getLast().path("data").path("outcome").asText()).isEqualTo("REJECTED");
        assertThat(told.getLast().path("data").has("promoted")).isFalse();
    }

    /** A killed worker: Kafka has acknowledged the events, and nobody has been told yet. */
    @Test
    void tellsOnARetryWhatADeadWorkerCouldNotTellAnyMore() throws Exception {
        log.append(about(null, null, started(), opened(), ended()), INCARNATION, PATIENCE, () -> {});
        assertThat(verdicts()).isEmpty();

        AuditHead head;
        AuditHead again;
        try (KafkaAuditLog next = telling()) {
            head = next.append(about(null, null, started(), opened(), ended()), INCARNATION, PATIENCE, () -> {});
            again = next.append(about(null, null, started(), opened(), ended()), INCARNATION, PATIENCE, () -> {});
        }

        assertThat(raw()).hasSize(3);
        assertThat(again).isEqualTo(head);
        List<JsonNode> told = verdicts();
        assertThat(told).hasSize(4);
        assertThat(new HashSet<>(told)).hasSize(2);
        assertThat(told.stream().map(verdict -> verdict.path("id").asText()).distinct())
                .containsExactly(run + "/" + INCARNATION + "/2/verdict", run + "/" + INCARNATION + "/3/verdict");
    }

    @Test
    void leavesTheWholeRunInOneArtifact() throws Exception {
        DirectoryArtifactStore artifacts = new DirectoryArtifactStore(store);
        Digest evidence = artifacts.put("{\"schema\":\"airlock/evidence/v1\"}".getBytes(UTF_8));
        AuditHead head;
        try (KafkaAuditLog telling = telling()) {
            head = telling.append(about(null, null, started()), INCARNATION, PATIENCE, () -> {});
            for (int i = 0; i < 3; i++) {
                append(Names.run(INSTALLATION, "test", "other" + i), 300);
                head = telling.append(
                        about(
                                head,
                                null,
                                entry("review.opened", Map.of("step", "review", "evidence", evidence.value()))),
                        INCARNATION,
                        PATIENCE,
                        () -> {});
            }
            head = telling.append(
                    about(
                            head,
                            null,
                            entry("review.decided", Map.of("decision", "reject", "by", "user:rita")),
                            ended()),
                    INCARNATION,
                    PATIENCE,
                    () -> {});
        }

        Digest digest = Objects.requireNonNull(head.bundle());
        JsonNode bundle;
        try (InputStream content = artifacts.open(digest)) {
            bundle = Payloads.mapper().readTree(content);
        }
        assertThat(verdicts().getLast().path("data").path("bundle").asText()).isEqualTo(digest.value());
        assertThat(bundle.path("schema").asText()).isEqualTo("airlock/bundle/v1");
        assertThat(bundle.path("run").asText()).isEqualTo(run.value());
        assertThat(bundle.path("evidence").path(evidence.value()).path("schema").asText())
                .isEqualTo("airlock/evidence/v1");
        assertThat(bundle.path("decisions").findValuesAsText("by")).containsExactly("user:rita");
        AuditVerifier verifier = new AuditVerifier();
        List<Long> offsets = new ArrayList<>();
        bundle.path("audit").path("events").forEach(event -> {
            offsets.add(event.path("offset").asLong());
            verifier.add(event.path("event").toString().getBytes(UTF_8));
        });
        verifier.expectHead(run, head);
        assertThat(verifier.report().problems()).isEmpty();
        assertThat(verifier.report().events()).isEqualTo(6);
        assertThat(offsets).isSorted().endsWith(head.offset());
    }

    @Test
    void takesMilliseconds() {
        List<Long> micros = new ArrayList<>();
        AuditHead head = null;
        for (int i = 1; i <= 400; i++) {
            long start = System.nanoTime();
            head = append(head, 0, i);
            micros.add((System.nanoTime() - start) / 1000);
        }
        List<Long> warm = micros.subList(100, 400).stream().sorted().toList();
        System.out.printf(
                "audit emission of one event: p50 %d µs, p95 %d µs, p99 %d µs%n",
                warm.get(150), warm.get(285), warm.get(297));
        assertThat(warm.get(150)).isLessThan(Duration.ofMillis(500).toNanos() / 1000);
    }

    private static final String EVIDENCE = "sha256:" + "e1".repeat(32);

    private static KafkaAuditLog telling() throws IOException {
        return KafkaAuditLog.withVerdicts(kafka, Topics.AUDIT, Topics.VERDICTS, new DirectoryArtifactStore(store));
    }

    private static AuditEntry started() {
        return entry("run.started", Map.of("workspace", "orders"));
    }

    private static AuditEntry opened() {
        return entry("review.opened", Map.of("step", "review", "evidence", EVIDENCE));
    }

    private static AuditEntry ended() {
        return entry("run.ended", Map.of("outcome", "REJECTED", "reason", "no", "evidence", EVIDENCE));
    }

    private static AuditEntry entry(String type, Map<String, Object> data) {
        return new AuditEntry(type, Instant.parse("2026-01-01T00:00:01Z"), data);
    }

    private EmitRequest about(@Nullable AuditHead head, @Nullable String trace, AuditEntry... entries) {
        Origin origin = new Origin(INCARNATION, Instant.parse("2026-01-01T00:00:00Z"));
        return new EmitRequest(
                INSTALLATION, run, head, List.of(entries), origin, new About("orders", "ci", "r-1", trace));
    }

    private static void append(RunId other, int events) {
        try (KafkaAuditLog busy = new KafkaAuditLog(kafka, Topics.AUDIT)) {
            int[] numbers = IntStream.rangeClosed(1, events).toArray();
            busy.append(request(other, null, 0, numbers), INCARNATION, PATIENCE, () -> {});
        }
    }

    /** The run's, in the order of the topic. */
    private List<JsonNode> verdicts() {
        List<JsonNode> told = new ArrayList<>();
        try (AuditReader reader = new AuditReader(kafka, Topics.VERDICTS, Duration.ofSeconds(10))) {
            for (int partition = 0; partition < reader.partitions(); partition++) {
                reader.read(partition, 0, run, (place, offset, value) -> told.add(read(value)));
            }
        }
        return told;
    }

    private static JsonNode read(byte[] value) {
        try {
            return Payloads.mapper().readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AuditHead append(@Nullable AuditHead head, int delay, int... numbers) {
        return log.append(request(head, delay, numbers), INCARNATION, PATIENCE, () -> {});
    }

    private EmitRequest request(@Nullable AuditHead head, int delay, int... numbers) {
        return request(run, head, delay, numbers);
    }

    private static EmitRequest request(RunId run, @Nullable AuditHead head, int delay, int... numbers) {
        List<AuditEntry> entries = IntStream.of(numbers)
                .mapToObj(number -> new AuditEntry(
                        number == 1 ? "run.started" : "step.completed",
                        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number + delay),
                        Map.of("number", number)))
                .toList();
        Origin origin = new Origin(INCARNATION, Instant.parse("2026-01-01T00:00:00Z"));
        return new EmitRequest(INSTALLATION, run, head, entries, origin);
    }

    private static AuditTrail trail() {
        return new AuditTrail(kafka, Topics.AUDIT, Duration.ofSeconds(10));
    }

    private AuditReport verify(AuditHead head) {
        AuditVerifier verifier = new AuditVerifier();
        trail().raw(run, verifier::add);
        verifier.expectHead(run, head);
        return verifier.report();
    }

    private List<byte[]> raw() {
        List<byte[]> values = new ArrayList<>();
        trail().raw(run, values::add);
        return values;
    }

    private List<byte[]> distinct() {
        List<byte[]> values = new ArrayList<>();
        trail().distinct(run, values::add);
        return values;
    }

    private static List<String> texts(List<byte[]> values) {
        return values.stream().map(value -> new String(value, UTF_8)).toList();
    }

    private static ConsumerRecord<String, byte[]> at(AuditHead head) {
        try (Consumer<String, byte[]> consumer = kafka.reader("test")) {
            TopicPartition place = new TopicPartition(Topics.AUDIT, head.partition());
            consumer.assign(Arrays.asList(place));
            consumer.seek(place, head.offset());
            return consumer.poll(Duration.ofSeconds(10)).iterator().next();
        }
    }
}
