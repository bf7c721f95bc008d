package dev.airlock.evidence.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.export.ExportArchive;
import dev.airlock.evidence.export.ExportFiles;
import dev.airlock.evidence.export.ExportVerifier;
import dev.airlock.evidence.export.TrailExport;
import dev.airlock.evidence.merkle.SigningKey;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was exported is verified where nothing but its files is, and every change to them shows. */
class ExportedTrailTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC);
    private static final String NAME = "airlock/" + MemoryTopic.INSTALLATION;
    private static final SigningKey KEY = SigningKey.of(NAME, new byte[32]);
    private static final int LENGTH = 5;

    @TempDir
    Path root;

    private final MemoryTopic topic = new MemoryTopic(2);
    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void write() throws IOException {
        topic.writeMixed(0, LENGTH, 2, 4);
        topic.write(1, LENGTH);
        sign();
        topic.write(6, LENGTH);
        sign();
        topic.write(3, LENGTH);
    }

    private void sign() throws IOException {
        new Checkpointer(() -> topic, store, KEY, MemoryTopic.INSTALLATION, CLOCK).make();
    }

    private Path all() throws IOException {
        Path directory = root.resolve("all");
        NewestCheckpoint newest = NewestCheckpoint.in(store).orElse(null);
        new TrailExport(topic, newest, directory).all(KEY.verifying().toString());
        Files.writeString(directory.resolve(ExportVerifier.HISTORY), "stands for the bundle");
        return directory;
    }

    private Path one() throws IOException {
        Path directory = root.resolve("one");
        new TrailExport(topic, NewestCheckpoint.in(store).orElse(null), directory)
                .chains(
                        Set.of(ChainId.of(MemoryTopic.run(4)), ChainId.of(MemoryTopic.run(3))),
                        KEY.verifying().toString());
        return directory;
    }

    private ExportVerifier verifier(Path export) {
        return new ExportVerifier(ExportFiles.in(export), bundle -> store);
    }

    private List<String> problems(Path export) throws IOException {
        return told(verifier(export).trust(KEY.verifying()).verify());
    }

    private static List<String> told(AuditReport report) {
        return report.problems().stream()
                .map(problem -> problem.kind() + " " + problem.run() + " " + problem.sequence())
                .toList();
    }

    private static String at(Kind kind, int run, long sequence) {
        return kind + " " + MemoryTopic.run(run) + " " + sequence;
    }

    private static void lines(Path file, Consumer<List<String>> change) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        change.accept(lines);
        Files.write(file, lines);
    }

    @Test
    void acceptsWhatWasExported() throws IOException {
        AuditReport report = verifier(all()).verify();

        assertThat(report.problems()).isEmpty();
        assertThat(report.runs()).isEqualTo(5);
        assertThat(report.events()).isEqualTo(5L * LENGTH);
        assertThat(report.checkpoint()).isNotNull().satisfies(anchor -> {
            assertThat(anchor.commit()).isEqualTo("commit-2");
            assertThat(anchor.open()).isEqualTo(LENGTH);
        });
        assertThat(problems(one())).isEmpty();
        assertThat(verifier(one2()).expect("commit-1").verify().ok()).isTrue();
    }

    private Path one2() throws IOException {
        Path copy = root.resolve("copy");
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(root.resolve("all"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    @Test
    void acceptsAnArchiveWhichIsAlwaysTheSame() throws IOException {
        Path directory = all();
        List<String> files;
        try (Stream<Path> there = Files.list(directory)) {
            files = there.map(file -> file.getFileName().toString()).collect(Collectors.toList());
        }
        Path archive = root.resolve("trail.tar.gz");
        ExportArchive.write(directory, files, archive);
        byte[] first = Files.readAllBytes(archive);
        Collections.reverse(files);
        ExportArchive.write(directory, files, archive);

        assertThat(Files.readAllBytes(archive)).isEqualTo(first);
        assertThat(problems(archive)).isEmpty();
        lines(directory.resolve("records-0.ndjson"), lines -> lines.remove(3));
        ExportArchive.write(directory, files, archive);
        assertThat(problems(archive)).containsExactly(at(Kind.MISSING, 4, 2));
    }

    @Test
    void namesWhatWasDoneToTheTopic() throws IOException {
        Path records = all().resolve("records-0.ndjson");
        List<String> genuine = Files.readAllLines(records);
        Path export = root.resolve("all");

        lines(records, lines -> lines.set(3, lines.get(3).replace("step.completed", "step.repeated")));
        assertThat(problems(export)).containsExactly(at(Kind.ALTERED, 4, 2));

        Files.write(records, genuine);
        lines(records, lines -> Collections.swap(lines, 4, 6));
        assertThat(problems(export)).containsExactly(at(Kind.SWAPPED, 2, 3));

        Files.write(records, genuine);
        lines(
                records,
                lines -> lines.removeIf(line -> line.contains(MemoryTopic.run(4).value())));
        assertThat(problems(export)).containsExactly(at(Kind.MISSING, 4, 1));

        Files.write(records, genuine);
        lines(
                records,
                lines -> lines.subList(genuine.size() - 2, genuine.size()).clear());
        assertThat(problems(export)).containsExactly(at(Kind.TRUNCATED, 6, LENGTH - 1));

        Files.delete(records);
        assertThat(problems(export)).hasSize(3).allMatch(problem -> problem.startsWith("TRUNCATED"));
    }

    @Test
    void namesWhatWasDoneToTheCheckpoints() throws IOException {
        Path export = all();
        Path note = export.resolve("checkpoint-0");
        String genuine = Files.readString(note);

        Files.writeString(note, genuine.replace("offset", "0ffset"));
        assertThat(problems(export)).containsExactly("ALTERED null null");

        Files.writeString(note, genuine);
        SigningKey other = SigningKey.of(NAME, "0123456789abcdef0123456789abcdef".getBytes(UTF_8));
        AuditReport foreign = verifier(export).trust(other.verifying()).verify();
        assertThat(told(foreign)).contains("ALTERED null null");

        Files.writeString(export.resolve("key"), "no key");
        assertThat(told(verifier(export).verify())).contains("ALTERED null null");
        Files.delete(export.resolve(ExportVerifier.HISTORY));
        assertThat(problems(export)).containsExactly("ALTERED null null");
        Files.writeString(export.resolve("key"), KEY.verifying().toString());
        assertThat(problems(export)).containsExactly("TRUNCATED null null");
        Files.delete(note);
        Files.delete(export.resolve("checkpoint-1"));
        assertThat(problems(export)).as("with a key that must have signed").containsExactly("TRUNCATED null null");
        assertThat(verifier(export).verify().ok()).as("all that is left fits").isTrue();
    }

    @Test
    void namesWhatWasDoneToARun() throws IOException {
        Path export = one();
        Path run = export.resolve(MemoryTopic.run(4) + ".ndjson");
        List<String> genuine = Files.readAllLines(run);

        lines(run, lines -> lines.remove(2));
        assertThat(problems(export)).containsExactly(at(Kind.MISSING, 4, 3));

        Files.write(run, genuine);
        lines(run, lines -> lines.remove(LENGTH - 1));
        assertThat(problems(export)).containsExactly(at(Kind.TRUNCATED, 4, LENGTH));

        Files.write(run, genuine);
        lines(
                run,
                lines -> lines.set(
                        LENGTH - 1,
                        new String(
                                MemoryTopic.forged(
                                        lines.get(LENGTH - 1).getBytes(UTF_8),
                                        event -> event.put("time", "2020-01-01T00:00:00Z")),
                                UTF_8)));
        assertThat(problems(export)).containsExactly(at(Kind.ALTERED, 4, LENGTH));

        Files.write(run, List.of());
        assertThat(problems(export)).containsExactly(at(Kind.TRUNCATED, 4, 1));
    }

    @Test
    void writesNothingIntoADirectoryThatHoldsSomething() throws IOException {
        Path directory = all();

        assertThatThrownBy(() -> new TrailExport(topic, null, directory).all("key"))
                .isInstanceOf(DirectoryNotEmptyException.class);
    }

    @Test
    void saysOfADirectoryOfOtherThingsThatItIsNoExport() throws IOException {
        Files.writeString(root.resolve("a.txt"), "a");
        Files.createSymbolicLink(root.resolve("records-0.ndjson"), root.resolve("a.txt"));

        assertThatThrownBy(() -> verifier(root).verify()).hasMessageContaining("no export of audit trails");
    }

    @Test
    void carriesRecordsThatAreNoLines() throws IOException {
        topic.append(0, null, "{\"base64\":\"x".getBytes(UTF_8));
        topic.append(0, null, "two\nlines".getBytes(UTF_8));
        topic.append(0, null, new byte[0]);
        topic.append(0, null, " \r".getBytes(UTF_8));
        sign();

        AuditReport report = verifier(all()).verify();

        assertThat(report.problems()).hasSize(4).allMatch(problem -> problem.kind() == Kind.ALTERED);
        assertThat(report.checkpoint())
                .isNotNull()
                .satisfies(anchor -> assertThat(anchor.open()).isZero());
    }
}
