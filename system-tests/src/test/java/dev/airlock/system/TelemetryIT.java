package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.telemetry.Names.Metric;
import dev.airlock.system.OtlpReceiver.Span;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A request by Kafka, and what a receiver of OTLP, Prometheus and a reader of logs are told of it. */
class TelemetryIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + CALLER + "-01";

    private static OtlpReceiver receiver;
    private static Airlock airlock;
    private static Airlock.Server dev;
    private static KafkaClients kafka;

    @BeforeAll
    static void start() throws Exception {
        receiver = new OtlpReceiver();
        airlock = new Airlock();
        dev = airlock.dev(
                Map.of(
                        "AIRLOCK_TELEMETRY_OTLP", receiver.endpoint(),
                        "AIRLOCK_TELEMETRY_INTERVAL", "1s",
                        "AIRLOCK_TELEMETRY_PROMETHEUS", "0",
                        "AIRLOCK_LOG_FORMAT", "json"),
                "--temporal",
                "memory");
        kafka = new KafkaClients(dev.ready().at("/kafka/bootstrap").asText());
        airlock.ok("workspace", "create", "orders", "--from", Airlock.ORDERS.toString());
        ask("traced", TRACEPARENT);
        ask("hostile", "00-" + "Z".repeat(32) + "-" + CALLER + "-01");
    }

    @AfterAll
    static void stop() throws IOException {
        airlock.close();
        receiver.close();
    }

    @Test
    void isOneConnectedTraceFromTheRecordToTheVerdict() throws Exception {
        Run run = new Run(
                airlock,
                verdict("traced", "dev.airlock.run.waiting.v1").at("/data/run").asText());
        run.promote();
        JsonNode ended = verdict("traced", "dev.airlock.run.ended.v1");
        Airlock.await(() -> isWhole(trace()), "a span of the run is missing, or hangs on none: " + trace());

        List<Span> trace = trace();
        Map<String, Span> byId = byId(trace);
        assertThat(path(byId, only(trace, "sandbox command")))
                .containsExactly(
                        "process airlock.requests", "start run", "run", "step", "Sandbox_Run", "sandbox command");
        assertThat(trace.stream().filter(span -> span.name().equals("send airlock.verdicts")))
                .isNotEmpty()
                .allSatisfy(
                        span -> assertThat(path(byId, span)).endsWith("run", "Audit_Emit", "send airlock.verdicts"));
        assertThat(ended.path("traceparent").asText()).contains(TRACE);
        assertThat(ended.at("/data/outcome").asText()).isEqualTo("PROMOTED");
    }

    private static List<Span> trace() {
        return receiver.spans.stream()
                .filter(span -> span.trace().equals(TRACE))
                .toList();
    }

    private static Map<String, Span> byId(List<Span> trace) {
        Map<String, Span> byId = new HashMap<>();
        trace.forEach(span -> byId.put(span.id(), span));
        return byId;
    }

    /** A part may come before what it hangs on. */
    private static boolean isWhole(List<Span> trace) {
        Map<String, Span> byId = byId(trace);
        return trace.stream().anyMatch(span -> span.name().equals("run"))
                && trace.stream().allMatch(span -> span.parent().equals(CALLER) || byId.containsKey(span.parent()));
    }

    /** The sandbox that passed; the agent's and the red one are told as well. */
    private static Span only(List<Span> trace, String name) {
        List<Span> found =
                trace.stream().filter(span -> span.name().equals(name)).toList();
        assertThat(found).as(name).isNotEmpty().allSatisfy(span -> {
            assertThat(span.text("airlock.sandbox.engine")).isIn("docker", "bubblewrap");
            assertThat(span.text("airlock.sandbox.tier")).isNotEmpty();
            assertThat(span.text("container.image.id")).isNotEmpty();
            assertThat(span.text("process.exit.code")).matches("\\d+");
        });
        return found.getLast();
    }

    private static List<String> path(Map<String, Span> byId, Span leaf) {
        List<String> path = new ArrayList<>();
        for (Span span = leaf; span != null; span = byId.get(span.parent())) {
            path.addFirst(span.name());
        }
        return path;
    }

    @Test
    void tellsNoContentAndNothingThatTheRequestWrote() throws Exception {
        String run =
                verdict("traced", "dev.airlock.run.waiting.v1").at("/data/run").asText();
        Airlock.await(
                () -> receiver.spans.stream()
                        .anyMatch(span -> span.text("airlock.run.id").equals(run)),
                "no span names the run");

        Set<String> told = receiver.spans.stream()
                .flatMap(span -> span.attributes().values().stream())
                .collect(Collectors.toSet());
        assertThat(told).noneMatch(value -> value.contains("discount") || value.contains("ann"));
    }

    @Test
    void takesAHostileTraceparentForNone() throws Exception {
        String run =
                verdict("hostile", "dev.airlock.run.waiting.v1").at("/data/run").asText();
        Airlock.await(
                () -> receiver.named("Sandbox_Run").stream()
                        .anyMatch(span -> span.text("airlock.run.id").equals(run)),
                "no span names the run");
    }

    @Test
    void answersPrometheus() throws Exception {
        verdict("hostile", "dev.airlock.run.waiting.v1");
        String told = scrape();

        assertThat(told)
                .contains(
                        Metric.TRIGGER_STARTS.prometheus() + " ",
                        Metric.RUNS_STARTED.prometheus() + " ",
                        Metric.STEP_DURATION.prometheus() + "_bucket{",
                        Metric.SANDBOX_START.prometheus() + "_count{",
                        Metric.SANDBOX_LEASE.prometheus() + "_sum{",
                        Metric.AUDIT_LATENCY.prometheus() + "_bucket{",
                        Metric.AUDIT_BACKLOG.prometheus() + " ",
                        Metric.TRIGGER_LAG.prometheus() + "{",
                        Metric.VERDICTS.prometheus() + "{",
                        "temporal_request_latency_seconds_bucket{",
                        "service_name=\"airlock-dev\"");
        assertThat(told).doesNotContain("run-");
        Airlock.await(() -> receiver.metrics.contains("airlock.runs.started"), "no metrics came by OTLP");
    }

    @Test
    void logsObjects() throws Exception {
        verdict("traced", "dev.airlock.run.waiting.v1");

        List<JsonNode> lines = new ArrayList<>();
        String log = Files.readString(airlock.state.resolve("logs/dev.log"));
        // The last line may be half written.
        for (String line : log.substring(0, log.lastIndexOf('\n')).split("\n")) {
            lines.add(Payloads.mapper().readTree(line));
        }
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.path("level").asText()).isNotEmpty());
    }

    private static void ask(String id, String traceparent) throws Exception {
        String event = Payloads.mapper()
                .writeValueAsString(Map.of(
                        "specversion",
                        "1.0",
                        "id",
                        id,
                        "source",
                        "test",
                        "type",
                        "dev.airlock.change.requested.v1",
                        "time",
                        Instant.now().toString(),
                        "datacontenttype",
                        "application/json",
                        "traceparent",
                        traceparent,
                        "data",
                        Map.of(
                                "workspace", "orders",
                                "task", Files.readString(Airlock.ORDERS.resolve("task.md")),
                                "author", "user:ann")));
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>("airlock.requests", id, event.getBytes(StandardCharsets.UTF_8));
        record.headers().add("content-type", "application/cloudevents+json".getBytes(StandardCharsets.US_ASCII));
        try (Producer<String, byte[]> producer = kafka.producer("telemetry-test")) {
            producer.send(record).get();
        }
    }

    /** The verdict of this type on the request of this id. */
    private static JsonNode verdict(String id, String type) throws Exception {
        try (Consumer<String, byte[]> reader = kafka.reader("telemetry-test")) {
            List<TopicPartition> all = reader.partitionsFor("airlock.verdicts").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            reader.assign(all);
            reader.seekToBeginning(all);
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, byte[]> record : reader.poll(Duration.ofMillis(200))) {
                    JsonNode verdict = Payloads.mapper().readTree(record.value());
                    if (verdict.path("type").asText().equals(type)
                            && verdict.at("/data/request/id").asText().equals(id)) {
                        return verdict;
                    }
                }
            }
        }
        throw new AssertionError("no verdict " + type + " on request " + id);
    }

    private static String scrape() throws IOException, InterruptedException {
        URI address = URI.create(dev.ready().path("metrics").asText());
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
