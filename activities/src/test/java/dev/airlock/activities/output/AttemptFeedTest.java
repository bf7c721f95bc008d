package dev.airlock.activities.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptFeedTest {
    private static final StepAttempt AT = new StepAttempt(new RunId("run-" + "a".repeat(26)), "test", 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    @SuppressWarnings("NullAway.Init")
    private OutputDirectory directory;

    private final List<OutputRecord> topic = new ArrayList<>();
    private final Deque<Sent> onTheirWay = new ArrayDeque<>();

    private record Sent(OutputRecord record, AttemptFeed.Result result) {}

    @BeforeEach
    void makeFile() throws IOException {
        directory = new OutputDirectory(temporary);
        Files.createDirectories(directory.file(AT).getParent());
    }

    /** Records fail, or fail and stand there all the same, and processes die: what stands there in the end is whole. */
    @Test
    void leavesAWholeStreamWhateverFails() throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            topic.clear();
            byte[] whole = new byte[300_000 + random.nextInt(300_000)];
            random.nextBytes(whole);
            int written = 0;
            AttemptFeed feed = AttemptFeed.open(AT, directory);
            for (int turn = 0; !feed.isOver(); turn++) {
                assertThat(turn).as("it never ends").isLessThan(5_000);
                if (written < whole.length) {
                    int more = Math.min(whole.length - written, random.nextInt(90_000));
                    write(whole, written += more);
                    feed.grown(written);
                } else {
                    feed.ended();
                }
                feed.send((record, bytes, result) -> onTheirWay.add(new Sent(record, result)));
                answer(random, turn < 60);
                feed.save(true);
                if (turn < 60 && random.nextInt(10) == 0) {
                    onTheirWay.clear();
                    feed = AttemptFeed.open(AT, directory);
                }
            }
            assertThat(read()).as("seed " + seed).isEqualTo(whole);
            assertThat(topic.getLast()).isEqualTo(new OutputRecord.End(AT, whole.length));
            feed.forget();
            assertThat(directory.unpublished()).isEmpty();
        }
    }

    private void answer(Random random, boolean badTimes) {
        int count = random.nextInt(onTheirWay.size() + 1);
        for (int i = 0; i < count; i++) {
            Sent sent = onTheirWay.remove();
            boolean fails = badTimes && random.nextInt(4) == 0;
            if (!fails || random.nextBoolean()) {
                topic.add(sent.record());
            }
            sent.result().known(!fails);
        }
    }

    private byte[] read() {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        for (OutputRecord record : topic) {
            if (record instanceof OutputRecord.Piece piece
                    && piece.offset() <= seen.size()
                    && piece.end() > seen.size()) {
                byte[] data = piece.data();
                seen.writeBytes(Arrays.copyOfRange(data, (int) (seen.size() - piece.offset()), data.length));
            }
        }
        return seen.toByteArray();
    }

    private void write(byte[] whole, int length) throws IOException {
        Files.write(directory.file(AT), Arrays.copyOf(whole, length));
    }

    @Test
    void beginsAnewWhereItsProgressCannotBeRead() throws IOException {
        Files.write(directory.file(AT), new byte[10]);
        for (String broken : new String[] {"", "x", "000000000000000007 open", "-00000000000000007 open\n"}) {
            new Progress(7, false).write(directory.progress(AT));
            Files.writeString(directory.progress(AT), broken);
            assertThat(Progress.read(directory.progress(AT))).contains(Progress.NOTHING);
        }
        new Progress(1_000, false).write(directory.progress(AT));
        AttemptFeed.open(AT, directory)
                .send((record, bytes, result) ->
                        assertThat(((OutputRecord.Piece) record).offset()).isZero());
        new Progress(7, true).write(directory.progress(AT));
        assertThat(Progress.read(directory.progress(AT))).contains(new Progress(7, true));
        assertThat(directory.unpublished()).containsExactly(AT);
        Files.writeString(directory.progress(AT).resolveSibling("stray"), "");
        assertThat(directory.unpublished()).containsExactly(AT);
    }
}
