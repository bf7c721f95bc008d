package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.audit.AuditReader;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.change.ChangeWorkflow;
import dev.airlock.workflows.change.RunEvent;
import dev.airlock.workflows.id.RunId;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs that wait for events, send them, tell verdicts, and are terminated behind Airlock's back. */
class RunEventsIT {
    private static final String TOPIC = "deployments";

    private static final Map<String, String> SOON =
            Map.of("AIRLOCK_ABANDONED_EVERY", "1s", "AIRLOCK_ABANDONED_AFTER", "1s");

    private static Airlock airlock;
    private static Airlock.Server dev;
    private static KafkaClients kafka;
    private static TemporalClients temporal;

    @BeforeAll
    static void start() throws Exception {
        airlock = new Airlock();
        dev = airlock.dev(SOON, "--no-worker");
        JsonNode ready = dev.ready();
        kafka = new KafkaClients(ready.at("/kafka/bootstrap").asText());
        temporal = TemporalClients.connect(ready.at("/temporal/target").asText());
        try (Admin admin = kafka.admin("test")) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        temporal.close();
        airlock.close();
    }

    /** Each test has workers of its own. */
    @AfterEach
    void stopWorkers() {
        airlock.stopAllBut(dev);
    }

    @Test
    void waitsForEventsThatComeEarlyLateOrNeverAlsoWhenItsWorkerDies() throws IOException {
        Airlock.Server worker = airlock.worker();
        Run run = push("waiting", """
                  - { id: hold, uses: wait, with: { event: { type: go } } }
                  - { id: early, uses: wait, with: { event: { type: early } } }
                  - { id: late, uses: wait, with: { event: { type: late, match: "data.status == 'green'" } } }
                  - { id: never, uses: wait, with: { event: { type: never, timeout: 2s } } }
                """);
        awaitWaiting(run, "go");
        tell(run, "e1", "early", "{}");
        tell(run, "e1", "early", "{}");
        tell(run, "e2", "go", "{}");
        awaitWaiting(run, "late");
        worker.kill();
        tell(run, "e3", "late", "{\"status\":\"red\"}");
        tell(run, "e4", "late", "{\"status\":\"green\"}");
        airlock.worker();
        JsonNode end = airlock.run("wait", run.id(), "--for", "end", "--timeout", "120s")
                .expectExit(1)
                .json();

        assertThat(end.path("outcome").asText()).isEqualTo("EXPIRED");
        assertThat(end.path("reason").asText()).isEqualTo("no event never came within PT2S");
        List<String> released = new ArrayList<>();
        airlock.ok("audit", "show", run.id())
                .out()
                .lines()
                .map(RunEventsIT::json)
                .forEach(event -> {
                    if (event.at("/data/event/id").isTextual()) {
                        released.add(event.at("/data/step").asText() + " by "
                                + event.at("/data/event/id").asText());
                    }
                });
        assertThat(released).containsExactly("hold by e2", "early by e1", "late by e4");
        List<JsonNode> verdicts = verdicts(run);
        assertThat(verdicts).hasSize(1);
        assertThat(verdicts.getFirst().at("/data/outcome").asText()).isEqualTo("EXPIRED");
        assertThat(verdicts.getFirst().at("/data/request/source").asText()).isEqualTo("airlock:cli");
        assertBundle(run, end.path("bundle").asText());
    }

    @Test
    void sendsWhatItMayAndAsksSomebodyOtherwise() throws IOException {
        Airlock.Server strict = airlock.worker();
        Run run = push("sending", """
                  - id: tell
                    uses: emit
                    with: { topic: deployments, type: staging.wanted, data: { to: [staging, 1, "ü"] } }
                """);
        airlock.awaitStatus(
                run.id(), status -> status.path("state").asText().equals("NEEDS_ATTENTION"), "it does not ask");
        assertThat(run.status().path("reason").asText()).contains("AIRLOCK_EMIT_TOPICS", TOPIC);
        assertThat(records(TOPIC, run)).isEmpty();
        JsonNode waiting = verdicts(run).getFirst();
        assertThat(waiting.path("type").asText()).isEqualTo("dev.airlock.run.waiting.v1");
        assertThat(waiting.at("/data/state").asText()).isEqualTo("NEEDS_ATTENTION");
        strict.stop();

        Airlock.Server doomed =
                airlock.worker(Map.of("AIRLOCK_EMIT_TOPICS", TOPIC, "AIRLOCK_FAILPOINTS", "event.sent"));
        airlock.run("retry", run.id());
        doomed.awaitDeath();
        airlock.worker(Map.of("AIRLOCK_EMIT_TOPICS", TOPIC));
        airlock.run("wait", run.id(), "--for", "end", "--timeout", "120s").expectExit(1);

        List<String> sent = records(TOPIC, run);
        assertThat(sent).hasSizeGreaterThan(1);
        assertThat(new HashSet<>(sent)).as("a copy, byte for byte").hasSize(1);
        JsonNode event = json(sent.getFirst());
        assertThat(event.path("id").asText()).isEqualTo(run.id() + "/tell/2");
        assertThat(event.path("data").toString()).isEqualTo("{\"to\":[\"staging\",1,\"ü\"]}");
        assertThat(run.attempts("tell")).containsExactly("1:LOST", "2:PASSED");
    }

    @Test
    void tellsTheVerdictThatADyingWorkerDidNot() throws IOException {
        Airlock.Server doomed = airlock.worker(Map.of("AIRLOCK_FAILPOINTS", "verdict.before-send"));
        Run run = push("dying", "  - { id: hold, uses: wait, with: { event: { type: go, timeout: 1s } } }\n");
        doomed.awaitDeath();
        assertThat(verdicts(run)).isEmpty();

        airlock.worker();
        airlock.run("wait", run.id(), "--for", "end", "--timeout", "120s").expectExit(1);

        assertThat(verdicts(run)).hasSize(1);
        airlock.ok("audit", "verify", run.id());
    }

    /** Its end is on the trail, its worker died before it told, and no worker will ever have it again. */
    @Test
    void tellsHowARunEndedThatWasTerminatedBeforeItsVerdict() throws IOException {
        Airlock.Server doomed = airlock.worker(Map.of("AIRLOCK_FAILPOINTS", "verdict.before-send"));
        Run run = push("untold", "  - { id: hold, uses: wait, with: { event: { type: go, timeout: 1s } } }\n");
        doomed.awaitDeath();
        assertThat(verdicts(run)).isEmpty();

        WorkflowStub.fromTyped(workflow(run)).terminate("out of the way");
        Airlock.await(() -> !verdicts(run).isEmpty(), "nobody is told");

        assertThat(verdicts(run)).hasSize(1);
        assertThat(verdicts(run).getFirst().at("/data/outcome").asText()).isEqualTo("EXPIRED");
        assertBundle(run, verdicts(run).getFirst().at("/data/bundle").asText());
        assertThat(airlock.ok("audit", "show", run.id()).out()).doesNotContain("run.abandoned");
        airlock.ok("audit", "verify", run.id());
    }

    @Test
    void closesTheTrailOfARunThatWasTerminated() throws IOException {
        airlock.worker();
        Run run = push("terminated", "  - { id: hold, uses: wait, with: { event: { type: go } } }\n");
        awaitWaiting(run, "go");
        WorkflowStub.fromTyped(workflow(run)).terminate("gone wröng");
        Airlock.await(() -> !verdicts(run).isEmpty(), "nobody is told");
        // Another one that starts now looks at it again, and changes nothing.
        airlock.requestServer(SOON);
        Airlock.await(() -> records(Topics.VERDICTS, run).size() > 1, "the next server does not look");

        List<JsonNode> verdicts = verdicts(run);
        assertThat(verdicts).hasSize(1);
        assertThat(verdicts.getFirst().at("/data/outcome").asText()).isEqualTo("ABANDONED");
        assertThat(verdicts.getFirst().at("/data/reason").asText()).isEqualTo("terminated in Temporal: gone wröng");
        airlock.ok("audit", "verify", run.id());
        List<JsonNode> trail = airlock.ok("audit", "show", run.id())
                .out()
                .lines()
                .map(RunEventsIT::json)
                .toList();
        assertThat(trail.getLast().path("type").asText()).isEqualTo("dev.airlock.run.abandoned.v1");
        assertThat(new HashSet<>(trail)
                        .stream().filter(event -> event.path("type").asText().contains("abandoned")))
                .hasSize(1);
        assertBundle(run, verdicts.getFirst().at("/data/bundle").asText());
    }

    private static Run push(String workspace, String steps) throws IOException {
        Path base = directory(workspace + "-base", workspace, steps);
        Path candidate = directory(workspace + "-candidate", workspace, steps);
        Files.writeString(candidate.resolve("new.txt"), "new\n");
        airlock.ok("workspace", "create", workspace, "--from", base.toString());
        return new Run(
                airlock,
                airlock.ok("push", workspace, "--dir", candidate.toString()).text("/run"));
    }

    private static Path directory(String name, String pipeline, String steps) throws IOException {
        Path directory = airlock.scratch(name);
        Files.createDirectories(directory.resolve(".airlock"));
        Files.writeString(
                directory.resolve(".airlock/pipeline.yaml"),
                "pipeline: " + pipeline + "\nlimits: { deadline: 1h }\nsteps:\n" + steps);
        return directory;
    }

    private static void awaitWaiting(Run run, String type) {
        airlock.awaitStatus(
                run.id(),
                status -> status.path("state").asText().equals("WAITING_EVENT")
                        && status.path("reason").asText().endsWith(" " + type),
                "does not wait for " + type);
    }

    private static void tell(Run run, String id, String type, String data) {
        workflow(run).event(new RunEvent("test", id, type, data, Instant.EPOCH));
    }

    private static ChangeWorkflow workflow(Run run) {
        return temporal.client().newWorkflowStub(ChangeWorkflow.class, run.id());
    }

    /** The bundle holds the whole trail, and the trail in it is sound. */
    private static void assertBundle(Run run, String digest) throws IOException {
        String name = digest.replace("sha256:", "");
        try (var files = Files.walk(airlock.state.resolve("artifacts"))) {
            Path artifact = files.filter(file -> Files.isRegularFile(file)
                            && file.toString().replace("/", "").endsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no artifact " + digest));
            List<String> lines = new ArrayList<>();
            json(Files.readString(artifact))
                    .at("/audit/events")
                    .forEach(event -> lines.add(event.path("event").toString()));
            Path trail =
                    Files.writeString(airlock.scratch("bundles").resolve(run.id()), String.join("\n", lines) + "\n");
            airlock.ok("audit", "verify", "--file", trail.toString());
            assertThat(lines.stream().distinct().toList())
                    .isEqualTo(records(Topics.AUDIT, run).stream().distinct().toList());
        }
    }

    /** Without the copies. */
    private static List<JsonNode> verdicts(Run run) {
        return records(Topics.VERDICTS, run).stream()
                .distinct()
                .map(RunEventsIT::json)
                .toList();
    }

    private static List<String> records(String topic, Run run) {
        List<String> records = new ArrayList<>();
        try (AuditReader reader = new AuditReader(kafka, topic, Duration.ofSeconds(20))) {
            for (int partition = 0; partition < reader.partitions(); partition++) {
                reader.read(
                        partition,
                        0,
                        new RunId(run.id()),
                        (place, offset, value) -> records.add(new String(value, StandardCharsets.UTF_8)));
            }
        }
        return records;
    }

    private static JsonNode json(String text) {
        try {
            return Payloads.mapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
