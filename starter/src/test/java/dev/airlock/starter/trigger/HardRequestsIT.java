package dev.airlock.starter.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.AuditTrail;
import dev.airlock.evidence.audit.AuditVerifier;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.RealTemporal;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.deadletter.DeadLetterBox.Entry;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.RunId;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DeleteWorkflowExecutionRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What happens seldom: a run that Temporal has forgotten, a letter that Kafka does not take, a no that has to be on the trail. */
class HardRequestsIT {
    private static final int POISON = 120;
    private static final int REFUSED = 20;

    @SuppressWarnings("NullAway.Init")
    private static RealTemporal temporal;

    @SuppressWarnings("NullAway.Init")
    private static Plant plant;

    @SuppressWarnings("NullAway.Init")
    private static Wire wire;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        temporal = new RealTemporal();
        plant = new Plant(temporal.clients(), root);
        wire = new Wire(temporal.clients().target());
    }

    @AfterAll
    static void stop() throws IOException {
        plant.close();
        wire.close();
        temporal.close();
    }

    @Test
    void aRequestIsNotStartedAgainWhenTemporalHasForgottenItsRun() throws Exception {
        Instant old = Instant.now().minus(Duration.ofDays(400));
        String request = Plant.task("forgotten");
        plant.sendOld(request, old);
        try (AirlockServer server = plant.server()) {
            assertThat(server.ready().ready()).isTrue();
            plant.awaitLag(0);
        }
        assertThat(plant.started("forgotten")).isTrue();
        // As its worker would have written it; then the namespace's retention is over.
        plant.audit(plant.run("forgotten"));
        forget(plant.run("forgotten"));

        for (int delivery = 0; delivery < 2; delivery++) {
            rewind();
            try (AirlockServer server = plant.server()) {
                assertThat(server.ready().ready()).isTrue();
                plant.awaitLag(0);
            }
        }
        assertThat(plant.started("forgotten")).as("a second run").isFalse();
        List<Entry> letters = lettersOf("forgotten");
        assertThat(letters)
                .extracting(Entry::id)
                .as("one letter, however often it comes")
                .containsOnly(letters.getFirst().id());
        assertThat(letters.getFirst().cause()).isEqualTo(Cause.TOO_OLD);
        assertThat(letters.getFirst().text()).contains(plant.run("forgotten").value(), "replay");
    }

    private static void forget(RunId run) {
        temporal.clients().client().newUntypedWorkflowStub(run.value()).terminate("it has ended");
        temporal.clients()
                .stubs()
                .blockingStub()
                .deleteWorkflowExecution(DeleteWorkflowExecutionRequest.newBuilder()
                        .setNamespace(TemporalClients.NAMESPACE)
                        .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId(run.value()))
                        .build());
        Plant.await(() -> plant.runs().find(run).isEmpty(), () -> "Temporal still knows " + run);
    }

    /** Everything is delivered again, as after offsets that were lost. */
    private static void rewind() throws Exception {
        try (Admin admin = plant.kafka.admin("test")) {
            String group = "airlock-trigger-" + plant.state.installation();
            Map<TopicPartition, OffsetAndMetadata> offsets = new java.util.HashMap<>();
            for (int partition = 0; partition < 4; partition++) {
                offsets.put(new TopicPartition(Topics.REQUESTS, partition), new OffsetAndMetadata(0));
            }
            admin.alterConsumerGroupOffsets(group, offsets).all().get();
        }
    }

    @Test
    void lettersThatKafkaDoesNotTakeAreNeitherLostNorDoubled() throws Exception {
        ListAppender<ILoggingEvent> log = logOf(Burials.class);
        try (AirlockServer server = plant.server(wire.address(), Map.of())) {
            assertThat(server.ready().ready()).isTrue();
            plant.send("k", Plant.task("before the outage"));
            plant.awaitLag(0);
            // Held where they are, taken on and not settled, until there is no broker to take their letters.
            wire.cut();
            List<String> sent = sendWhatBecomesLetters();
            Plant.await(() -> !gateIsOpen(log), () -> "nobody saw that Temporal is away");
            plant.stopKafka();
            wire.mend();
            Plant.await(() -> says(log, "cannot be written yet"), () -> "no letter was tried: " + log.list);
            plant.startKafka();
            plant.awaitLag(0);

            Set<String> kept = new HashSet<>();
            Set<String> ids = new HashSet<>();
            for (Entry letter : plant.letters()) {
                if (letter.event() != null && sent.contains(letter.event().id())) {
                    kept.add(String.valueOf(letter.event().id()));
                    ids.add(letter.id());
                }
            }
            assertThat(kept).as("lost").containsExactlyInAnyOrderElementsOf(sent);
            assertThat(ids)
                    .as("one letter each, after copies are dropped by id")
                    .hasSize(sent.size());
            plant.send("k", Plant.task("after the outage"));
            plant.awaitLag(0);
            assertThat(plant.started("after the outage")).isTrue();
        }
        assertThat(verified().problems()).isEmpty();
        assertThat(refusals().stream()
                        .map(event -> event.at("/data/requestId").asText())
                        .filter(id -> id.startsWith("unknown"))
                        .distinct())
                .as("each refusal is on the trail")
                .hasSize(REFUSED);
    }

    private static List<String> sendWhatBecomesLetters() {
        List<String> ids = new ArrayList<>();
        IntStream.range(0, POISON).forEach(i -> ids.add("absent" + i));
        IntStream.range(0, REFUSED).forEach(i -> ids.add("unknown" + i));
        plant.sendAll(ids.size(), i -> "key " + i % 17, i -> letterLike(ids.get(i)));
        return ids;
    }

    private static byte[] letterLike(String id) {
        String members = id.startsWith("absent")
                ? "\"workspace\":\"orders\",\"task\":\"t\",\"branch\":\"absent\""
                : "\"workspace\":\"nowhere\",\"task\":\"t\"";
        return Plant.request(id, "{\"author\":\"service:billing\"," + members + "}")
                .getBytes(UTF_8);
    }

    @Test
    void aRefusalIsALetterWithItsCauseAndAnEventOnAWholeTrail() throws Exception {
        Map<String, String> rules = Map.of(
                "trigger.unnamed-sources", "nothing",
                "trigger.source.other.uri", "https://other.example/",
                "trigger.source.other.start", "payments");
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        try (AirlockServer server = plant.server(rules)) {
            assertThat(server.unnamedSources()).contains("may start nothing");
            plant.send("k", Plant.task("unnamed").replace("\"id\":", "\"traceparent\":\"" + trace + "\",\"id\":"));
            plant.send("k", Plant.task("overreaching").replace(Plant.SOURCE, "https://other.example/"));
            plant.awaitLag(0);
        }
        assertThat(plant.started("unnamed")).isFalse();
        Entry unnamed = lettersOf("unnamed").getFirst();
        assertThat(unnamed.cause()).isEqualTo(Cause.NOT_ALLOWED);
        assertThat(unnamed.text()).contains(Plant.SOURCE, "trigger.source.NAME.uri", "replay");
        assertThat(lettersOf("overreaching").getFirst().text()).contains("may not start orders/default (rule other)");

        JsonNode event = refusals().stream()
                .filter(each -> each.at("/data/requestId").asText().equals("unnamed"))
                .findFirst()
                .orElseThrow();
        assertThat(event.at("/data/letter").asText()).isEqualTo(unnamed.id());
        assertThat(event.at("/data/code").asText()).isEqualTo("NOT_ALLOWED");
        assertThat(event.at("/data/reason").asText()).isEqualTo(unnamed.text());
        assertThat(event.at("/data/requestSource").asText()).isEqualTo(Plant.SOURCE);
        assertThat(verified().problems()).isEmpty();
    }

    @Test
    void severalServersShareAQuota(@TempDir Path root) throws Exception {
        plant.workspace(root, "shared", Plant.PIPELINE.replace("workspace: orders", "workspace: shared"));
        int quota = 10;
        try (AirlockServer one = plant.server(Map.of("trigger.quota", Integer.toString(quota)));
                AirlockServer two = plant.server(Map.of("trigger.quota", Integer.toString(quota)))) {
            assertThat(List.of(one.ready(), two.ready())).allMatch(AirlockServer.Ready::ready);
            Plant.await(() -> plant.serversWithPartitions() == 2, () -> "they do not share");
            plant.sendAll(
                    60,
                    i -> Plant.task("shared" + i)
                            .replace("\"orders\"", "\"shared\"")
                            .getBytes(UTF_8));
            Plant.await(() -> plant.runs().countOpen("shared") >= quota, () -> "it is not used up");
            long before = startedOfShared();
            // Two servers may go over it by one run, so the end of one need not make room.
            IntStream.range(0, 60)
                    .mapToObj(i -> "shared" + i)
                    .filter(plant::started)
                    .limit(2)
                    .forEach(id -> temporal.clients()
                            .client()
                            .newUntypedWorkflowStub(plant.run(id).value())
                            .terminate("room"));
            Plant.await(() -> startedOfShared() > before, () -> "the room is not used");
            assertThat(plant.runs().countOpen("shared")).isLessThanOrEqualTo(quota + 1);
        }
    }

    private static long startedOfShared() {
        return IntStream.range(0, 60).filter(i -> plant.started("shared" + i)).count();
    }

    private static boolean gateIsOpen(ListAppender<ILoggingEvent> log) {
        return !says(log, "Temporal is away");
    }

    private static boolean says(ListAppender<ILoggingEvent> log, String text) {
        return List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(text));
    }

    private static ListAppender<ILoggingEvent> logOf(Class<?> first) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(first.getPackageName())).addAppender(log);
        return log;
    }

    private static List<Entry> lettersOf(String id) {
        return plant.letters().stream()
                .filter(letter ->
                        letter.event() != null && id.equals(letter.event().id()))
                .toList();
    }

    private static List<JsonNode> refusals() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (byte[] value : trail()) {
            JsonNode event = Payloads.mapper().readTree(value);
            if (event.path("type").asText().equals("dev.airlock.request.refused.v1")) {
                events.add(event);
            }
        }
        return events;
    }

    private static AuditReport verified() {
        AuditVerifier verifier = new AuditVerifier();
        trail().forEach(verifier::add);
        return verifier.report();
    }

    /** Without what a test put there in place of a worker. */
    private static List<byte[]> trail() {
        List<byte[]> values = new ArrayList<>();
        new AuditTrail(plant.kafka, Topics.AUDIT, Duration.ofSeconds(20)).all(value -> {
            if (value.length > 2) {
                values.add(value);
            }
        });
        return values;
    }
}
