package dev.airlock.evidence.audit;

import static dev.airlock.evidence.audit.Trails.INCARNATION;
import static dev.airlock.evidence.audit.Trails.RUN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.evidence.merkle.MerkleTree;
import dev.airlock.evidence.merkle.SignedNote;
import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The verifier of {@code examples/verify}, which was written from the documentation, and ours say the same. */
class IndependentVerifierIT {
    private static final Path SCRIPT =
            Path.of(System.getProperty("airlock.home", ".."), "examples", "verify", "verify.py");
    private static final int SIZE = 12;
    private static final String OTHER = "0198c2a1-0000-7000-8000-000000000002";

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> bothSayTheSame() {
        Map<String, List<byte[]>> trails = trails();
        return trails.entrySet().stream()
                .flatMap(trail -> Stream.of(
                        DynamicTest.dynamicTest(trail.getKey(), () -> compare(trail.getValue(), null)),
                        DynamicTest.dynamicTest(
                                trail.getKey() + ", with the head", () -> compare(trail.getValue(), head()))));
    }

    private static Map<String, List<byte[]>> trails() {
        Map<String, List<byte[]>> trails = new LinkedHashMap<>();
        trails.put("untouched", genuine());
        trails.put("with copies", changed(trail -> trail.addAll(List.copyOf(trail.subList(2, 5)))));
        trails.put("dropped", changed(trail -> trail.remove(4)));
        trails.put("the first dropped", changed(trail -> trail.remove(0)));
        trails.put("a range dropped", changed(trail -> trail.subList(3, 7).clear()));
        trails.put("the end cut off", changed(trail -> trail.subList(9, SIZE).clear()));
        trails.put("neighbours swapped", changed(trail -> Collections.swap(trail, 4, 5)));
        trails.put("altered", changed(trail -> trail.set(6, altered(trail.get(6)))));
        trails.put("altered and hashed anew", changed(trail -> trail.set(6, forged(trail.get(6)))));
        trails.put("the first altered and hashed anew", changed(trail -> trail.set(0, forged(trail.get(0)))));
        trails.put("repeated with other content", changed(trail -> trail.add(forged(trail.get(6)))));
        trails.put("forked", changed(IndependentVerifierIT::fork));
        trails.put("no event", changed(trail -> trail.add(3, "{\"a\":".getBytes(UTF_8))));
        trails.put(
                "a member twice",
                changed(trail -> trail.set(
                        5,
                        new String(trail.get(5), UTF_8)
                                .replaceFirst("\\{", "{\"data\":{},")
                                .getBytes(UTF_8))));
        trails.put("two runs", changed(trail -> trail.addAll(Trails.trail(Names.run("a", "b", "c"), 4))));
        trails.put("reset", changed(trail -> trail.addAll(reset(4, event -> {}))));
        trails.put(
                "a reset that names another event",
                changed(trail -> trail.addAll(reset(
                        4,
                        event -> event.putObject("data")
                                .put("incarnation", INCARNATION)
                                .put("sequence", "5")
                                .put("hash", "sha256:" + "1".repeat(64))))));
        trails.put(
                "a second beginning",
                changed(trail -> trail.addAll(Trails.bytes(Trails.events(RUN, OTHER, null, 1, 3)))));
        trails.put(
                "another run's events under this run's name",
                changed(trail -> trail.set(
                        3,
                        Trails.altered(
                                trail.get(3),
                                event -> event.put(
                                        "subject", Names.run("a", "b", "c").value())))));
        trails.put(
                "a request of another run",
                List.of(Trails.forged(
                        genuine().getFirst(),
                        event -> event.putObject("data")
                                .put("requestSource", "a")
                                .put("requestId", "b"))));
        return trails;
    }

    private interface Change {
        void on(List<byte[]> trail);
    }

    private static List<byte[]> changed(Change change) {
        List<byte[]> trail = genuine();
        change.on(trail);
        return trail;
    }

    private static List<byte[]> genuine() {
        return Trails.trail(RUN, SIZE);
    }

    private static Digest head() {
        return new Digest(Trails.json(genuine().getLast()).path("hash").asText());
    }

    private static byte[] altered(byte[] record) {
        return Trails.altered(record, event -> event.put("time", "2020-01-01T00:00:00Z"));
    }

    private static byte[] forged(byte[] record) {
        return Trails.forged(record, event -> event.put("time", "2020-01-01T00:00:00Z"));
    }

    private static void fork(List<byte[]> trail) {
        byte[] other = forged(trail.get(6));
        byte[] next = Trails.forged(
                trail.get(7),
                event -> event.put(
                        "previoushash", Trails.json(other).path("hash").asText()));
        trail.add(other);
        trail.add(next);
    }

    private static List<byte[]> reset(
            int from, java.util.function.Consumer<com.fasterxml.jackson.databind.node.ObjectNode> change) {
        AuditHead head =
                Trails.events(RUN, INCARNATION, null, 1, from).getLast().head(0, 0);
        List<byte[]> events = Trails.bytes(Trails.events(RUN, OTHER, head, from + 1, 1));
        events.subList(1, events.size()).clear();
        events.set(0, Trails.forged(events.getFirst(), change));
        return events;
    }

    private void compare(List<byte[]> trail, @Nullable Digest head) throws Exception {
        Path file = write(trail);
        AuditVerifier verifier = new AuditVerifier();
        if (head != null) {
            verifier.expectHead(head);
        }
        verifier.addLines(Files.newInputStream(file));
        AuditReport ours = verifier.report();

        JsonNode theirs = head == null ? run(file) : run(file, "--head", head.value());

        assertThat(theirs.path("ok").asBoolean()).as(theirs.toString()).isEqualTo(ours.ok());
        assertThat(problems(theirs))
                .as(ours.problems().toString())
                .containsExactlyInAnyOrderElementsOf(ours.problems().stream()
                        .map(problem -> problem.kind().name().toLowerCase(Locale.ROOT) + " " + problem.run() + " "
                                + problem.sequence())
                        .toList());
    }

    private static List<String> problems(JsonNode report) {
        List<String> problems = new ArrayList<>();
        report.path("problems")
                .forEach(problem -> problems.add(problem.path("kind").asText() + " "
                        + problem.path("run").asText() + " "
                        + problem.path("sequence").asText()));
        return problems;
    }

    @Test
    void verifiesACheckpoint() throws Exception {
        List<byte[]> trail = genuine();
        MerkleTree tree = new MerkleTree();
        trail.subList(0, 7).forEach(record -> tree.add(TreeHash.ofLeaf(record)));
        SigningKey key = SigningKey.of("airlock/test", new byte[32]);
        SignedNote note = SignedNote.sign("airlock/test/audit/0\n7\n" + tree.root() + "\n", key);
        Path checkpoint = Files.writeString(directory.resolve("checkpoint"), note.toString());
        String[] options = {
            "--checkpoint", checkpoint.toString(), "--key", key.verifying().toString()
        };

        assertThat(run(write(trail), options).path("ok").asBoolean()).isTrue();
        assertThat(problems(run(write(trail.subList(0, 6)), options))).containsExactly("truncated null null");
        assertThat(problems(run(write(changed(other -> other.add(2, other.get(1)))), options)))
                .containsExactly("swapped null null");
        Files.writeString(checkpoint, note.toString().replace("\n7\n", "\n8\n"));
        assertThat(problems(run(write(trail), options))).containsExactly("altered null null");
    }

    @Test
    void isShort() throws IOException {
        assertThat(Files.readAllLines(SCRIPT)).hasSizeLessThanOrEqualTo(100);
    }

    private Path write(List<byte[]> trail) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (byte[] record : trail) {
            lines.write(record);
            lines.write('\n');
        }
        return Files.write(directory.resolve("trail.jsonl"), lines.toByteArray());
    }

    private static JsonNode run(Path trail, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", SCRIPT.toString(), trail.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isIn(0, 1);
        JsonNode report = Payloads.mapper().readTree(out);
        assertThat(process.exitValue()).isEqualTo(report.path("ok").asBoolean() ? 0 : 1);
        return report;
    }
}
