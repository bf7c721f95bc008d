package dev.airlock.starter.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.evidence.output.OutputRecord.End;
import dev.airlock.evidence.output.OutputRecord.Piece;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicOutputTest {
    private static final RunId RUN = new RunId("run-" + "a".repeat(26));
    private static final StepAttempt FIRST = new StepAttempt(RUN, "test", 1);
    private static final StepAttempt SECOND = new StepAttempt(RUN, "test", 2);
    private static final StepAttempt OTHER = new StepAttempt(new RunId("run-" + "b".repeat(26)), "test", 1);

    private final FakeLiveOutput live = new FakeLiveOutput();

    @Test
    void handsOnEachByteOnceWhateverIsRepeatedOrCutElsewhere() {
        live.add(
                piece(FIRST, 0, "abc"),
                piece(OTHER, 0, "xyz"),
                piece(FIRST, 0, "abc"),
                piece(FIRST, 6, "ghi"),
                piece(FIRST, 1, "bcde"),
                piece(FIRST, 5, "fg"),
                piece(FIRST, 6, "ghi"),
                new End(FIRST, 9),
                piece(FIRST, 0, "abcdefghi"),
                new End(FIRST, 9));
        assertThat(read(null, null, false, 0)).isEqualTo("abcdefghi");
        assertThat(read("test", 1, true, 0)).isEqualTo("abcdefghi");
        assertThat(read("test", 1, true, 4)).isEqualTo("efghi");
        assertThat(read("test", 1, true, 9)).isEmpty();
        assertThat(read("test", 1, true, 100)).isEmpty();
    }

    @Test
    void isWholeAfterAnyShuffleThatEndsWithTheWholeStreamInOrder() {
        byte[] whole = new byte[5000];
        Random random = new Random(7);
        random.nextBytes(whole);
        for (int round = 0; round < 200; round++) {
            List<OutputRecord> noise = new ArrayList<>(cut(whole, random));
            Collections.shuffle(noise, random);
            FakeLiveOutput shuffled = new FakeLiveOutput();
            shuffled.add(noise.toArray(OutputRecord[]::new));
            shuffled.add(cut(whole, random).toArray(OutputRecord[]::new));
            shuffled.add(new End(FIRST, whole.length));
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            new TopicOutput(shuffled, RunCourse.UNKNOWN).read(new OutputRequest(RUN, null, null, true, 0), chunk -> {
                assertThat(chunk.offset()).isEqualTo(seen.size());
                seen.write(chunk.data());
            });
            assertThat(seen.toByteArray()).as("round " + round).isEqualTo(whole);
        }
    }

    private static List<OutputRecord> cut(byte[] whole, Random random) {
        List<OutputRecord> pieces = new ArrayList<>();
        for (int from = 0; from < whole.length; ) {
            int to = Math.min(whole.length, from + 1 + random.nextInt(700));
            pieces.add(new Piece(FIRST, from, java.util.Arrays.copyOfRange(whole, from, to)));
            from = to;
        }
        return pieces;
    }

    @Test
    void takesTheAttemptThatBeganLastUnlessOneIsNamed() {
        live.add(piece(FIRST, 0, "one"), piece(SECOND, 0, "two"), piece(FIRST, 3, "!"), new End(FIRST, 4));
        assertThat(read(null, null, false, 0)).isEqualTo("two");
        assertThat(read(null, 1, false, 0)).isEqualTo("one!");
        assertThat(refusal(null, 3).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refusal("generate", null)).hasMessageContaining(RUN + " generate");
    }

    @Test
    void followsFromBeforeTheFirstByteToTheEnd() throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> new TopicOutput(live, RunCourse.UNKNOWN)
                .read(new OutputRequest(RUN, "test", null, true, 0), chunk -> {
                    seen.write(chunk.data());
                    begun.countDown();
                }));
        live.print(OTHER, "not mine");
        live.print(FIRST, "begin ");
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(reader).isNotDone();
        live.print(FIRST, "end");
        live.add(new End(FIRST, 9));
        reader.get(30, TimeUnit.SECONDS);
        assertThat(seen.toString(UTF_8)).isEqualTo("begin end");
    }

    @Test
    void saysFromWhereOnTheTopicStillHasIt() {
        live.add(piece(FIRST, 3, "def"), new End(FIRST, 6));
        assertThat(refusal(null, null)).hasMessageContaining("from 0 on");
        assertThat(refusal(null, null).hint()).contains("--offset 3");
        assertThatThrownBy(() -> read(null, null, true, 0)).hasMessageContaining("forgotten");
        assertThat(read(null, null, true, 3)).isEqualTo("def");
    }

    @Test
    void waitsNoLongerForAHostThatIsLost() {
        live.add(piece(FIRST, 0, "abc"));
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        List<OutputRequest> asked = new ArrayList<>();

        AirlockException end = catchThrowableOfType(
                AirlockException.class,
                () -> new TopicOutput(
                                live,
                                request -> {
                                    asked.add(request);
                                    return asked.size() < 3 ? Optional.empty() : Optional.of(RUN + " test/1 was lost");
                                },
                                Duration.ofMillis(1))
                        .read(new OutputRequest(RUN, null, null, true, 0), chunk -> seen.write(chunk.data())));

        assertThat(seen.toString(UTF_8)).isEqualTo("abc");
        assertThat(end.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(end).hasMessageContaining(RUN + " test/1 was lost").hasMessageContaining("from byte 3 on");
        // Once more after it was known: what is on its way may still come.
        assertThat(asked)
                .hasSize(4)
                .allMatch(request ->
                        "test".equals(request.step()) && Integer.valueOf(1).equals(request.attempt()));
    }

    @Test
    void takesWhatComesAfterTheAttemptWasOver() {
        live.add(piece(FIRST, 0, "abc"));
        List<OutputRequest> asked = new ArrayList<>();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();

        new TopicOutput(
                        live,
                        request -> {
                            asked.add(request);
                            if (asked.size() == 1) {
                                live.add(piece(FIRST, 3, "def"));
                            }
                            if (asked.size() == 2) {
                                live.add(new End(FIRST, 6));
                            }
                            return asked.size() < 3 ? Optional.of("over") : Optional.empty();
                        },
                        Duration.ofMillis(1))
                .read(new OutputRequest(RUN, "test", 1, true, 0), chunk -> seen.write(chunk.data()));

        assertThat(seen.toString(UTF_8)).isEqualTo("abcdef");
    }

    @Test
    void waitsForNoOutputOfARunThatHasEnded() {
        AirlockException end = catchThrowableOfType(
                AirlockException.class,
                () -> new TopicOutput(live, request -> Optional.of("over"), Duration.ofMillis(1))
                        .read(new OutputRequest(RUN, "test", null, true, 0), chunk -> {}));

        assertThat(end.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(end).hasMessageContaining("no output of " + RUN + " test");
    }

    private static Piece piece(StepAttempt at, long offset, String text) {
        return new Piece(at, offset, text.getBytes(UTF_8));
    }

    private String read(@Nullable String step, @Nullable Integer attempt, boolean follow, long offset) {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        new TopicOutput(live, RunCourse.UNKNOWN).read(new OutputRequest(RUN, step, attempt, follow, offset), chunk -> {
            assertThat(chunk.offset()).isEqualTo(offset + seen.size());
            seen.write(chunk.data());
        });
        return seen.toString(UTF_8);
    }

    private AirlockException refusal(@Nullable String step, @Nullable Integer attempt) {
        return catchThrowableOfType(AirlockException.class, () -> read(step, attempt, false, 0));
    }
}
