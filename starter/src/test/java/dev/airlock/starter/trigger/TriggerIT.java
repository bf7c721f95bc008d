package dev.airlock.starter.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.starter.RealTemporal;
import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.deadletter.DeadLetter;
import dev.airlock.starter.deadletter.DeadLetterBox;
import dev.airlock.starter.deadletter.DeadLetterBox.Entry;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.workflows.change.ChangeSource;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records become runs, once each, or dead letters; whatever comes, the partition goes on. */
class TriggerIT {
    private static final Principal RITA = new Principal("user:rita");

    @SuppressWarnings("NullAway.Init")
    private static RealTemporal temporal;

    @SuppressWarnings("NullAway.Init")
    private static Plant plant;

    private @Nullable AirlockServer server;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        temporal = new RealTemporal();
        plant = new Plant(temporal.clients(), root);
        plant.takesLargeRecords();
        plant.workspace(root, "broken", "pipeline: [\n");
    }

    @AfterAll
    static void stop() {
        plant.close();
        temporal.close();
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Test
    void startsARunForEachForm() {
        server = plant.server();
        plant.send(
                "a",
                Plant.task("structured").getBytes(UTF_8),
                Map.of("content-type", "application/cloudevents+json; charset=utf-8".getBytes(UTF_8)));
        plant.send(null, Plant.task("bare"));
        plant.send(
                "b",
                "{\"workspace\":\"orders\",\"author\":\"user:anna\",\"task\":\"x\"}".getBytes(UTF_8),
                binary("binary"));

        plant.awaitLag(0);
        assertThat(List.of("structured", "bare", "binary")).allMatch(plant::started);
        assertThat(plant.runs().request(plant.run("binary")).origin().requestSource())
                .isEqualTo(Plant.SOURCE);
    }

    private static Map<String, byte[]> binary(String id) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0".getBytes(UTF_8));
        headers.put("ce_id", id.getBytes(UTF_8));
        headers.put("ce_source", Plant.SOURCE.getBytes(UTF_8));
        headers.put("ce_type", Plant.TYPE.getBytes(UTF_8));
        headers.put("content-type", "application/json".getBytes(UTF_8));
        return headers;
    }

    @Test
    void everyKindOfBadInputBecomesADeadLetterAndThePartitionGoesOn() {
        List<Map.Entry<byte[], Cause>> bad = new ArrayList<>();
        bad.add(Map.entry(new byte[0], Cause.EMPTY));
        bad.add(Map.entry(new byte[2 << 20], Cause.TOO_LARGE));
        bad.add(Map.entry(new byte[] {(byte) 0xff, 'x'}, Cause.NOT_UTF8));
        bad.add(Map.entry("[".repeat(10_000).getBytes(UTF_8), Cause.NOT_JSON));
        bad.add(Map.entry("{\"id\":\"1\",\"id\":\"2\"}".getBytes(UTF_8), Cause.NOT_JSON));
        bad.add(Map.entry("{\"n\":1e999999}".getBytes(UTF_8), Cause.NOT_JSON));
        bad.add(Map.entry("{}".getBytes(UTF_8), Cause.NOT_A_CLOUDEVENT));
        bad.add(Map.entry(
                Plant.task("t").replace(".requested.v1", ".requested.v2").getBytes(UTF_8), Cause.UNKNOWN_TYPE));
        bad.add(Map.entry(Plant.request("u", "{}").getBytes(UTF_8), Cause.INVALID_REQUEST));
        bad.add(Map.entry(asked("v", "\"workspace\":\"absent\",\"task\":\"t\""), Cause.UNKNOWN_WORKSPACE));
        bad.add(Map.entry(asked("w", "\"workspace\":\"broken\",\"task\":\"t\""), Cause.INVALID_PIPELINE));
        bad.add(Map.entry(
                asked("x", "\"workspace\":\"orders\",\"task\":\"t\",\"branch\":\"absent\""), Cause.NOT_FOUND));
        bad.add(Map.entry(
                asked("y", "\"workspace\":\"orders\",\"task\":\"t\",\"pipeline\":\"../x\""), Cause.INVALID_REQUEST));
        bad.add(Map.entry(
                asked("z", "\"workspace\":\"orders\",\"bundle\":{\"files\":{\"../../etc/passwd\":\"x\"}}"),
                Cause.INVALID_REQUEST));
        String key = "one partition";
        int before = plant.letters().size();
        bad.forEach(each -> plant.send(key, each.getKey(), Map.of()));
        plant.send(key, null, Map.of());
        plant.send(key, Plant.task("h").getBytes(UTF_8), Map.of("ce_id", new byte[] {(byte) 0xc0}));
        plant.send(key, Plant.task("behind all of them"));
        server = plant.server();

        plant.awaitLag(0);
        assertThat(plant.started("behind all of them")).isTrue();
        List<Cause> wanted =
                new ArrayList<>(bad.stream().map(Map.Entry::getValue).toList());
        wanted.addAll(List.of(Cause.EMPTY, Cause.BAD_HEADERS));
        List<Entry> letters = plant.letters().stream().skip(before).toList();
        assertThat(letters).extracting(Entry::cause).containsExactlyElementsOf(wanted);
        assertThat(letters).allMatch(letter -> letter.text().length() > 10 && letter.attempt() == 1);
        assertThat(originals(letters.subList(0, bad.size())))
                .containsExactlyElementsOf(bad.stream().map(Map.Entry::getKey).toList());
    }

    private static byte[] asked(String id, String members) {
        return Plant.request(id, "{\"author\":\"service:billing\"," + members + "}")
                .getBytes(UTF_8);
    }

    private static List<byte[]> originals(List<Entry> letters) {
        try (DeadLetterBox box = plant.box()) {
            List<byte[]> values = new ArrayList<>();
            for (Entry letter : letters) {
                DeadLetter.Original original = box.get(letter.id()).original();
                byte[] value = box.value(original);
                values.add(value == null ? new byte[0] : value);
            }
            return values;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDuplicateIsAbsorbedWhereverAndWheneverItComes() {
        server = plant.server();
        String id = UUID.randomUUID().toString();
        for (int i = 0; i < 5; i++) {
            plant.send("again", Plant.task(id));
        }
        plant.awaitLag(0);
        String first = temporalRunOf(plant.run(id));
        // On all partitions at once, also while another server takes some over.
        plant.sendAll(95, i -> Plant.task(id).getBytes(UTF_8));
        try (AirlockServer second = plant.server()) {
            assertThat(second.ready().ready()).isTrue();
            plant.awaitLag(0);
        }
        temporal.clients()
                .client()
                .newUntypedWorkflowStub(plant.run(id).value())
                .terminate("closed");
        plant.send("again", Plant.task(id));
        plant.awaitLag(0);

        assertThat(temporalRunOf(plant.run(id))).isEqualTo(first);
        assertThat(plant.letters())
                .noneMatch(letter ->
                        letter.event() != null && id.equals(letter.event().id()));
    }

    private static String temporalRunOf(RunId run) {
        return temporal.clients()
                .client()
                .newUntypedWorkflowStub(run.value())
                .describe()
                .getExecution()
                .getRunId();
    }

    @Test
    void oneIdForTwoWorkspacesIsNoDuplicate() {
        server = plant.server();
        plant.send("k", Plant.task("taken"));
        plant.awaitLag(0);
        plant.send("k", Plant.task("taken").replace("\"orders\"", "\"broken\""));
        plant.awaitLag(0);

        assertThat(causeOf("taken")).isEqualTo(Cause.CONFLICT);
    }

    @Test
    void aDedupeKeyIsAnsweredByTheRunAlreadyThere() {
        server = plant.server();
        String key = UUID.randomUUID().toString();
        plant.sendAll(20, i -> dedupe("d" + i, key));
        plant.awaitLag(0);
        server.close();
        server = plant.server();
        plant.send("later", dedupe("after a restart", key), Map.of());
        plant.send("later", dedupe("another key", key + "'"), Map.of());
        plant.awaitLag(0);

        List<String> started = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            if (plant.started("d" + i)) {
                started.add("d" + i);
            }
        }
        assertThat(started).hasSize(1);
        assertThat(plant.started("after a restart")).isFalse();
        assertThat(plant.started("another key")).isTrue();
    }

    @Test
    void aDedupeKeyIsFreeAgainAfterItsWindow() {
        server = plant.server(Map.of("trigger.window", "1s"));
        String key = UUID.randomUUID().toString();
        plant.send("k", dedupe("w1", key), Map.of());
        plant.awaitLag(0);
        // The broker's clock is what counts, so that it has to pass.
        List<String> later = new ArrayList<>();
        Plant.await(
                () -> {
                    later.add("w" + (later.size() + 2));
                    plant.send("k", dedupe(later.getLast(), key), Map.of());
                    plant.awaitLag(0);
                    return plant.started(later.getLast());
                },
                () -> "still answered by the first");
        assertThat(later).hasSizeGreaterThan(1);
    }

    private static byte[] dedupe(String id, String key) {
        return Plant.task(id)
                .replace("\"id\":", "\"dedupekey\":\"" + key + "\",\"id\":")
                .getBytes(UTF_8);
    }

    @Test
    void carriesABundleAndABranch() throws Exception {
        server = plant.server();
        plant.send("b", asked("bundle", "\"workspace\":\"orders\",\"bundle\":{\"files\":{\"new/f\":\"x\"}}"), Map.of());
        Digest tar = plant.artifacts.put(tar("./new/f", "x"));
        plant.send("b", asked("tar", "\"workspace\":\"orders\",\"bundle\":{\"digest\":\"" + tar + "\"}"), Map.of());
        plant.send("b", asked("main", "\"workspace\":\"orders\",\"branch\":\"main\""), Map.of());
        plant.awaitLag(0);

        assertThat(treeOf("bundle")).isEqualTo(treeOf("tar"));
        assertThat(causeOf("main")).as("a branch that changes nothing").isEqualTo(Cause.INVALID_REQUEST);
    }

    private static TreeId treeOf(String id) {
        return ((ChangeSource.Candidate) plant.runs().request(plant.run(id)).source()).tree();
    }

    private static byte[] tar(String name, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(text.length());
            tar.putArchiveEntry(entry);
            tar.write(text.getBytes(UTF_8));
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    @Test
    void replaysAndDiscardsDeadLetters(@TempDir Path root) throws Exception {
        server = plant.server();
        plant.send("r", asked("replayed", "\"workspace\":\"later\",\"task\":\"t\""), Map.of("h", new byte[] {-1}));
        plant.send("r", "not at all".getBytes(UTF_8), Map.of("x", new byte[] {1, 2}));
        plant.awaitLag(0);
        Entry absent = letterOf("replayed");
        assertThat(absent.cause()).isEqualTo(Cause.UNKNOWN_WORKSPACE);
        plant.workspace(root, "later", Plant.PIPELINE.replace("workspace: orders", "workspace: later"));

        try (DeadLetterBox box = plant.box()) {
            DeadLetter.Envelope envelope = box.envelope(box.get(absent.id()).original());
            assertThat(envelope.key()).isEqualTo("r".getBytes(UTF_8));
            assertThat(envelope.headers()).extracting(DeadLetter.Header::name).containsExactly("h");
            assertThat(box.replay(Set.of(absent.id()), RITA)).containsExactly(absent.id());
            assertThat(box.replay(Set.of(absent.id()), RITA))
                    .as("as one that was killed would")
                    .hasSize(1);
        }
        plant.awaitLag(0);
        assertThat(plant.started("replayed")).isTrue();
        List<Entry> letters = plant.letters();
        assertThat(DeadLetterBox.open(letters, null)).doesNotContain(absent.id());
        Entry junk = letters.stream()
                .filter(letter -> letter.cause() == Cause.NOT_JSON && letter.settled() == null)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        try (DeadLetterBox box = plant.box()) {
            assertThat(box.discard(Set.of(junk.id()), RITA, "junk")).containsExactly(junk.id());
            assertThat(box.get(junk.id()).original().envelope()).isNotNull();
        }
        assertThat(DeadLetterBox.open(plant.letters(), null)).doesNotContain(junk.id());
    }

    @Test
    void aFullQuotaWaitsInOrderAndDropsNothing(@TempDir Path root) throws Exception {
        plant.workspace(root, "small", Plant.PIPELINE.replace("workspace: orders", "workspace: small"));
        server = plant.server(Map.of("trigger.quota", "2"));
        for (int i = 0; i < 4; i++) {
            plant.send("q", Plant.task("q" + i).replace("\"orders\"", "\"small\""));
        }
        plant.send("other", Plant.task("not held up"));
        Plant.await(() -> plant.started("q1"), () -> "the first two did not start");
        Plant.await(() -> plant.started("not held up"), () -> "another workspace waits too");
        assertThat(plant.started("q2")).isFalse();

        terminate("q0");
        Plant.await(() -> plant.started("q2"), () -> "nothing follows");
        terminate("q1");
        Plant.await(() -> plant.started("q3"), () -> "the last one is lost");
        plant.awaitLag(0);
    }

    private static void terminate(String id) {
        temporal.clients()
                .client()
                .newUntypedWorkflowStub(plant.run(id).value())
                .terminate("room");
    }

    @Test
    void anEventForNoRunIsADeadLetter() {
        server = plant.server();
        String event = Plant.request("e1", "{\"event\":\"deployed\",\"data\":{}}")
                .replace(Plant.TYPE, "dev.airlock.run.event.v1")
                .replace("\"data\":{\"event\"", "\"subject\":\"" + plant.run("nobody's") + "\",\"data\":{\"event\"");
        plant.send("e", event);
        plant.send("e", Plant.task("with event"));
        plant.send(
                "e",
                event.replace("\"e1\"", "\"e2\"")
                        .replace(
                                plant.run("nobody's").value(),
                                plant.run("with event").value()));
        plant.awaitLag(0);

        assertThat(causeOf("e1")).isEqualTo(Cause.NOT_FOUND);
        assertThat(plant.runs().history(plant.run("with event")))
                .anyMatch(each -> each.hasWorkflowExecutionSignaledEventAttributes());
    }

    @Test
    void aRequestThatIsTooOldStartsOnlyIfItProvablyNeverDid() throws Exception {
        Instant old = Instant.now().minus(Duration.ofDays(400));
        plant.audit(plant.run("old and begun"));
        plant.sendOld(Plant.task("old and never begun"), old);
        plant.sendOld(Plant.task("old and begun"), old);
        server = plant.server();
        plant.awaitLag(0);

        assertThat(plant.started("old and never begun")).isTrue();
        assertThat(plant.started("old and begun")).isFalse();
        assertThat(causeOf("old and begun")).isEqualTo(Cause.TOO_OLD);
        plant.sendOld(Plant.task("old and never begun"), old);
        plant.awaitLag(0);
        assertThat(plant.letters())
                .as("one that is known is answered, however old")
                .noneMatch(letter -> letter.event() != null
                        && "old and never begun".equals(letter.event().id()));
    }

    private static Entry letterOf(String id) {
        return plant.letters().stream()
                .filter(letter ->
                        letter.event() != null && id.equals(letter.event().id()))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no letter of " + id));
    }

    private static Cause causeOf(String id) {
        return letterOf(id).cause();
    }
}
