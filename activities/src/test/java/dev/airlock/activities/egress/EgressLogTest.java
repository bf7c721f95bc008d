package dev.airlock.activities.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.sandbox.init.TunnelNews.Peer;
import dev.airlock.evidence.egress.EgressDocument;
import dev.airlock.evidence.egress.EgressDocument.Entry;
import dev.airlock.evidence.egress.EgressDocument.Verdict;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts that survive their worker, and bounds. */
final class EgressLogTest {
    private static final Peer CURL = new Peer("token", 7, "curl", "curl -s http://a.b");

    @TempDir
    Path directory;

    private final StepAttempt at = new StepAttempt(new RunId("run-" + "b".repeat(26)), "test", 2);

    private EgressLog open() throws Exception {
        return EgressLog.open(directory.resolve("2.egress.jsonl"), at);
    }

    @Test
    void countsWhatIsAlikeAndGoesOnAfterItsWorkerDied() throws Exception {
        try (EgressLog log = open()) {
            Entry kind = log.note(Verdict.ALLOWED, "a.b", 80, "GET", null, CURL);
            log.carried(kind, 100, 2000);
            log.note(Verdict.ALLOWED, "a.b", 80, "GET", null, CURL);
            log.note(Verdict.BLOCKED, "", 0, "", "BAD_REQUEST", new Peer("token", 0, "", ""));
        }
        Files.writeString(directory.resolve("2.egress.jsonl"), "{\"step\":\"te", StandardOpenOption.APPEND);
        try (EgressLog log = open()) {
            log.note(Verdict.ALLOWED, "a.b", 80, "GET", null, CURL);

            EgressDocument document = log.document(OptionalLong.of(3));

            assertThat(document.entries())
                    .containsExactly(
                            new Entry(
                                    "test",
                                    2,
                                    Verdict.ALLOWED,
                                    "a.b",
                                    80,
                                    "GET",
                                    null,
                                    "curl -s http://a.b",
                                    3,
                                    100,
                                    2000),
                            new Entry(
                                    "test",
                                    2,
                                    Verdict.BLOCKED,
                                    "",
                                    0,
                                    "",
                                    "BAD_REQUEST",
                                    "unknown, while the step's command ran",
                                    1,
                                    0,
                                    0),
                            new Entry(
                                    "test",
                                    2,
                                    Verdict.BLOCKED,
                                    "",
                                    0,
                                    "",
                                    "NO_NETWORK",
                                    "the step's command, or what it started",
                                    3,
                                    0,
                                    0));
            assertThat(document.count(Verdict.BLOCKED)).isEqualTo(4);
            assertThat(document.findings()).hasSize(2);
        }
    }

    @Test
    void writesOutWhatCannotBeSeen() throws Exception {
        try (EgressLog log = open()) {
            log.note(
                    Verdict.BLOCKED,
                    "a.b",
                    80,
                    "GET",
                    "HOST",
                    new Peer("token", 7, "x", "evil\u001b[2J\n\u202e" + "x".repeat(500)));

            Entry entry = log.document(OptionalLong.empty()).entries().getFirst();

            assertThat(entry.command())
                    .startsWith("evil\\u{1b}[2J\\u{a}\\u{202e}xxx")
                    .hasSizeLessThan(250);
        }
    }

    @Test
    void isBoundedHoweverManyKindsThereAre() throws Exception {
        try (EgressLog log = open()) {
            for (int i = 0; i < 30_000; i++) {
                log.note(Verdict.BLOCKED, "h" + i, 80, "GET", "HOST", CURL);
            }
            EgressDocument document = log.document(OptionalLong.empty());

            assertThat(document.entries()).hasSize(EgressDocument.MOST_OF_ATTEMPT);
            assertThat(document.more()).isEqualTo(30_000 - EgressDocument.MOST_OF_ATTEMPT);
        }
        assertThat(Files.size(directory.resolve("2.egress.jsonl"))).isLessThan(1 << 20);
    }

    @Test
    void oneAttemptAfterAnother() {
        Entry one = new Entry("a", 1, Verdict.BLOCKED, "x", 1, "GET", "HOST", "c", 2, 0, 0);
        EgressDocument before = new EgressDocument(EgressDocument.SCHEMA, Collections.nCopies(1999, one), 5);
        EgressDocument now = new EgressDocument(EgressDocument.SCHEMA, List.of(one, one, one), 1);

        EgressDocument both = now.after(before);

        assertThat(both.entries()).hasSize(EgressDocument.MOST);
        assertThat(both.more()).isEqualTo(5 + 1 + 4);
        assertThat(now.after(null)).isEqualTo(now);
    }
}
