package dev.airlock.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.dev.kafka.EmbeddedKafka;
import dev.airlock.dev.ports.Ports;
import dev.airlock.evidence.audit.AuditChain;
import dev.airlock.evidence.audit.AuditEvent;
import dev.airlock.evidence.merkle.InclusionProofs;
import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditActivities.EmitRequest;
import dev.airlock.workflows.audit.AuditEntry;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.RunId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole audit topic on a real broker: signed, verified in a small process, and tampered with. */
class AuditTopicIT {
    private static final int EVENTS_OF_A_RUN = 12;
    private static final String HEAP = "-Xmx256m";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path root;

    private StateDirectory state;
    private EmbeddedKafka kafka;

    @BeforeEach
    void start() throws IOException {
        state = new StateDirectory(root.resolve("state")).create();
        kafka = EmbeddedKafka.start(state, new Ports(state));
        Endpoints.ready(
                        state,
                        new Endpoints.Temporal("127.0.0.1:1", "external", null),
                        new Endpoints.Kafka(kafka.bootstrap(), "embedded"),
                        null)
                .write(state);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void aTamperedTopicShows() throws Exception {
        List<RunId> runs = write(40);
        Path source = Files.createDirectory(root.resolve("orders"));
        Files.writeString(source.resolve("a.txt"), "a\n");
        assertThat(airlock("workspace", "create", "orders", "--from", source.toString())
                        .code())
                .isZero();
        JsonNode signed = json(airlock("audit", "checkpoint", "-o", "json"));
        assertThat(signed.path("records").asLong()).isEqualTo(40L * EVENTS_OF_A_RUN + 2);
        assertThat(signed.path("made").asBoolean()).isTrue();
        String commit = signed.path("commit").asText();
        assertThat(json(airlock("audit", "checkpoint", "-o", "json"))
                        .path("made")
                        .asBoolean())
                .isFalse();

        JsonNode verified = json(airlock("audit", "verify", "--all", "--checkpoint", commit, "-o", "json"));
        assertThat(verified.path("ok").asBoolean()).as(verified.toString()).isTrue();
        assertThat(verified.path("runs").asInt()).isEqualTo(40);
        assertThat(verified.path("checkpoint").path("open").asLong()).isZero();
        assertThat(airlock("audit", "verify", "--all", "--checkpoint", "0".repeat(40))
                        .code())
                .isEqualTo(1);
        assertThat(chainOfTheSetting()).hasSize(2);

        exportsWhatCanBeVerifiedElsewhere(runs.getFirst());

        RunId first = runs.getFirst();
        deleteUpTo(partition(first), 1);
        JsonNode tampered = json(airlock("audit", "verify", "--all", "-o", "json"));
        assertThat(tampered.path("problems")).as(tampered.toString()).hasSize(1);
        assertThat(tampered.path("problems").path(0).path("kind").asText()).isEqualTo("missing");
        assertThat(tampered.path("problems").path(0).path("sequence").asInt()).isEqualTo(1);
        assertThat(airlock("audit", "verify", "--all").code()).isEqualTo(1);
    }

    private void exportsWhatCanBeVerifiedElsewhere(RunId run) throws Exception {
        Path all = root.resolve("all");
        JsonNode exported = json(airlock("audit", "export", "--all", "--to", all.toString(), "-o", "json"));
        assertThat(exported.path("records").asLong()).isEqualTo(40L * EVENTS_OF_A_RUN + 2);
        String key = Files.readString(all.resolve("key")).strip();
        for (int partition = 0; partition < 4; partition++) {
            Path records = all.resolve("records-" + partition + ".ndjson");
            if (Files.exists(records)) {
                Path note = all.resolve("checkpoint-" + partition);
                assertThat(python(records, note, key))
                        .as("partition %s", partition)
                        .isZero();
            }
        }
        verifiesWhatWasExported(all, key);
        Path one = root.resolve("one");
        JsonNode some = json(airlock("audit", "export", run.value(), "--to", one.toString(), "-o", "json"));
        assertThat(offline(one, key).path("ok").asBoolean()).isTrue();
        assertThat(some.path("proofs").asInt()).isEqualTo(EVENTS_OF_A_RUN);
        List<String> records = Files.readAllLines(one.resolve(run + ".ndjson"));
        for (String line : Files.readAllLines(one.resolve("proofs.ndjson"))) {
            JsonNode proof = Payloads.mapper().readTree(line);
            List<TreeHash> path = new ArrayList<>();
            proof.path("path").forEach(hash -> path.add(TreeHash.parse(hash.asText())));
            byte[] record = records.get(proof.path("line").asInt() - 1).getBytes(UTF_8);
            String root = Files.readAllLines(
                            one.resolve("checkpoint-" + proof.path("partition").asInt()))
                    .get(2);
            assertThat(InclusionProofs.rootBy(
                            TreeHash.ofLeaf(record),
                            proof.path("index").asLong(),
                            proof.path("size").asLong(),
                            path))
                    .hasToString(root);
        }
    }

    /** With the git bundle of the checkpoints, as a directory and as an archive; and both verifiers say the same of a change. */
    private void verifiesWhatWasExported(Path all, String key) throws Exception {
        Path archive = root.resolve("trail.tar.gz");
        assertThat(airlock("audit", "export", "--all", "--to", archive.toString())
                        .code())
                .isZero();
        for (Path export : List.of(all, archive)) {
            JsonNode report = offline(export, key);
            assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
            assertThat(report.path("runs").asInt()).isEqualTo(40);
            assertThat(report.path("checkpoint").path("records").asLong()).isEqualTo(40L * EVENTS_OF_A_RUN + 2);
        }
        Path records = all.resolve("records-1.ndjson");
        List<String> genuine = Files.readAllLines(records);
        Map<String, List<String>> tampered = new LinkedHashMap<>();
        tampered.put("missing", without(genuine, 4));
        tampered.put("altered", replaced(genuine, 4, genuine.get(4).replace("PASSED", "FAILED")));
        List<String> swapped = new ArrayList<>(genuine);
        Collections.swap(swapped, 4, 5);
        tampered.put("swapped", swapped);
        tampered.put("truncated", genuine.subList(0, genuine.size() - 1));
        for (Map.Entry<String, List<String>> each : tampered.entrySet()) {
            Files.write(records, each.getValue());
            JsonNode ours = offline(all, key);
            assertThat(ours.path("problems")).as(ours.toString()).hasSize(1);
            assertThat(ours.path("problems").path(0).path("kind").asText()).isEqualTo(each.getKey());
            assertThat(pythonKinds(records, all.resolve("checkpoint-1"), key)).contains(each.getKey());
        }
        Files.write(records, genuine);
        Path bundle = all.resolve("checkpoints.bundle");
        byte[] whole = Files.readAllBytes(bundle);
        Files.write(bundle, Arrays.copyOf(whole, whole.length / 2));
        assertThat(offline(all, key).path("problems").path(0).path("kind").asText())
                .isEqualTo("altered");
        Files.write(bundle, whole);
    }

    private static List<String> without(List<String> lines, int index) {
        List<String> rest = new ArrayList<>(lines);
        rest.remove(index);
        return rest;
    }

    private static List<String> replaced(List<String> lines, int index, String line) {
        List<String> others = new ArrayList<>(lines);
        others.set(index, line);
        return others;
    }

    /** In a state directory that knows nothing. */
    private JsonNode offline(Path export, String key) throws IOException {
        return json(new Shell(new FakeClient())
                .run(
                        "--state",
                        root.resolve("elsewhere").toString(),
                        "audit",
                        "verify",
                        "--from",
                        export.toString(),
                        "--key",
                        key,
                        "-o",
                        "json"));
    }

    private static List<String> pythonKinds(Path records, Path note, String key) throws Exception {
        String script = Path.of(System.getProperty("airlock.home", ".."), "examples", "verify", "verify.py")
                .toString();
        Process process = new ProcessBuilder(
                        "python3", script, records.toString(), "--checkpoint", note.toString(), "--key", key)
                .start();
        // To its end: a reader that leaves once the object is whole breaks the pipe of a writer who is still at the
        // line's end.
        JsonNode report = Payloads.mapper().readTree(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).isEqualTo(1);
        List<String> kinds = new ArrayList<>();
        report.path("problems")
                .forEach(problem -> kinds.add(problem.path("kind").asText()));
        return kinds;
    }

    @Test
    void whatIsChangedWithoutAServerIsToldByTheNextWhoHasATrail() throws Exception {
        Path source = Files.createDirectory(root.resolve("orders"));
        Files.writeString(source.resolve("a.txt"), "a\n");
        byte[] endpoints = Files.readAllBytes(state.endpoints());
        Files.delete(state.endpoints());
        assertThat(airlock("workspace", "create", "orders", "--from", source.toString())
                        .code())
                .isZero();
        assertThat(chainOfTheSetting()).isEmpty();

        Files.write(state.endpoints(), endpoints);
        assertThat(airlock("workspace", "create", "payments", "--from", source.toString())
                        .code())
                .isZero();

        assertThat(chainOfTheSetting())
                .containsExactly(
                        "dev.airlock.setting.intended.v1",
                        "dev.airlock.setting.changed.v1",
                        "dev.airlock.setting.intended.v1",
                        "dev.airlock.setting.changed.v1");
        assertThat(json(airlock("audit", "verify", "--all", "-o", "json"))
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    private static int python(Path records, Path note, String key) throws Exception {
        String script = Path.of(System.getProperty("airlock.home", ".."), "examples", "verify", "verify.py")
                .toString();
        return new ProcessBuilder("python3", script, records.toString(), "--checkpoint", note.toString(), "--key", key)
                .inheritIO()
                .start()
                .waitFor();
    }

    @Test
    void aMediumTrailIsVerifiedInASmallProcess() throws Exception {
        verifyInASmallProcess(6_000);
    }

    @Test
    @Tag("chaos")
    void aLongTrailIsVerifiedInASmallProcess() throws Exception {
        Duration taken = verifyInASmallProcess(100_000);

        assertThat(taken).isLessThan(LIMIT);
    }

    /** The process's start counts too. */
    private Duration verifyInASmallProcess(int events) throws Exception {
        int runs = events / EVENTS_OF_A_RUN;
        write(runs);
        assertThat(airlock("audit", "checkpoint").code()).isZero();
        Path out = root.resolve("report.json");
        Path collections = root.resolve("gc.log");
        List<String> command = List.of(
                "bash",
                "-c",
                "\"$@\"; code=$?; times >&2; exit $code",
                "verify",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-Xlog:gc:file=" + collections,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.airlock.cli.Main",
                "--state",
                state.root().toString(),
                "audit",
                "verify",
                "--all",
                "-o",
                "json");
        Instant begun = Instant.now();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(new File(root.toFile(), "err"))
                .start();
        int code = process.waitFor();
        Duration taken = Duration.between(begun, Instant.now());
        assertThat(code)
                .as(Files.readString(root.resolve("err")) + Files.readString(out))
                .isZero();
        JsonNode report = Payloads.mapper().readTree(Files.readString(out));
        assertThat(report.path("events").asLong()).isEqualTo((long) runs * EVENTS_OF_A_RUN);
        System.out.printf(
                "audit verify --all: %d events of %d runs in %.2f s (user and system: %s), heap at most %d of 256 MB%n",
                report.path("events").asLong(),
                runs,
                taken.toMillis() / 1000.0,
                lastLine(root.resolve("err")),
                mostHeap(collections));
        return taken;
    }

    private static String lastLine(Path file) throws IOException {
        return Files.readAllLines(file).getLast();
    }

    /** Megabytes before a collection. */
    private static int mostHeap(Path collections) throws IOException {
        Matcher before = Pattern.compile("(\\d+)M->").matcher(Files.readString(collections));
        int most = 0;
        while (before.find()) {
            most = Math.max(most, Integer.parseInt(before.group(1)));
        }
        return most;
    }

    private Shell.Result airlock(String... words) {
        List<String> all = new ArrayList<>(List.of("--state", state.root().toString()));
        all.addAll(List.of(words));
        return new Shell(new FakeClient()).run(all.toArray(String[]::new));
    }

    private static JsonNode json(Shell.Result result) throws IOException {
        assertThat(result.out()).as(result.err()).isNotEmpty();
        return Payloads.mapper().readTree(result.out());
    }

    private List<RunId> write(int count) throws Exception {
        List<RunId> runs = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<String, byte[]> producer = new KafkaClients(kafka.bootstrap()).producer("test")) {
            for (int i = 0; i < count; i++) {
                RunId run = Names.run(state.installation(), "test", Integer.toString(i));
                runs.add(run);
                for (AuditEvent event : events(run, i)) {
                    sent.add(producer.send(new ProducerRecord<>(Topics.AUDIT, run.value(), event.bytes())));
                }
            }
            for (Future<RecordMetadata> one : sent) {
                RecordMetadata unused = one.get();
            }
        }
        return runs;
    }

    private List<AuditEvent> events(RunId run, int number) {
        List<AuditEntry> entries = new ArrayList<>();
        for (int i = 1; i <= EVENTS_OF_A_RUN; i++) {
            Map<String, Object> data = i == 1
                    ? Map.of("requestSource", "test", "requestId", Integer.toString(number), "workspace", "orders")
                    : Map.of("step", "test", "attempt", i, "report", "sha256:" + "5".repeat(64), "verdict", "PASSED");
            String type = i == 1 ? "run.started" : i == EVENTS_OF_A_RUN ? "run.ended" : "step.completed";
            entries.add(
                    new AuditEntry(type, Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i), data));
        }
        EmitRequest request = new EmitRequest(state.installation(), run, null, entries);
        return new AuditChain(request, UUID.randomUUID().toString())
                .plan(List.of())
                .fresh();
    }

    /** Types of the events that have no run. */
    private List<String> chainOfTheSetting() throws IOException {
        List<String> types = new ArrayList<>();
        new dev.airlock.evidence.audit.AuditTrail(
                        new KafkaClients(kafka.bootstrap()), Topics.AUDIT, Duration.ofSeconds(10))
                .all()
                .read((partition, offset, key, value) -> {
                    if (key != null && key.startsWith("server-")) {
                        types.add(read(value).path("type").asText());
                    }
                });
        return types;
    }

    private static JsonNode read(byte[] value) {
        try {
            return Payloads.mapper().readTree(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int partition(RunId run) {
        return org.apache.kafka.common.utils.Utils.toPositive(org.apache.kafka.common.utils.Utils.murmur2(
                        run.value().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                % 4;
    }

    private void deleteUpTo(int partition, long offset) throws Exception {
        try (Admin admin = new KafkaClients(kafka.bootstrap()).admin("test")) {
            admin.deleteRecords(
                            Map.of(new TopicPartition(Topics.AUDIT, partition), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }
}
