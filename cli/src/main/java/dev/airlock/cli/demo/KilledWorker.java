package dev.airlock.cli.demo;

import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.workflows.id.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Kills a worker in the middle of a test that counts, and watches what becomes of the test's log. */
final class KilledWorker {
    /** The pipeline of the example whose test takes some seconds and numbers its lines. */
    static final String PIPELINE = "soak";

    private static final int KILLED_AT = 25;
    private static final int LAST = 120;
    private static final Pattern NUMBERED = Pattern.compile("(?m)^order (\\d+) of " + LAST + "\\b.*\n");
    private static final Pattern NONCE = Pattern.compile("(?m)^nonce ([0-9a-f]{16})$");
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Stage stage;
    private final Story story;
    private final Stop stop;

    KilledWorker(Stage stage, Story story, Stop stop) {
        this.stage = stage;
        this.story = story;
        this.stop = stop;
    }

    /** What was seen while it happened. */
    record Seen(long offset, Duration recovery) {}

    /** Kills it once the test has begun to count, starts another, and waits for the log to go on. */
    Seen kill(WorkerProcess worker, RunId run, String step, int attempt) throws IOException {
        Path log = stage.state().output().resolve(run.value()).resolve(step).resolve(Integer.toString(attempt));
        await(() -> counted(log) >= KILLED_AT, "the test does not count");
        worker.kill();
        long killed = System.nanoTime();
        long offset = Files.size(log);
        int last = counted(log);
        story.says("");
        story.line(Colour.BAD, "   kill -9    worker (pid " + worker.pid() + "), in the middle of the test");
        story.says(
                "           The log ends at byte " + offset + ", after \"order " + last + " of " + LAST
                        + "\". The test",
                "           runs on in its sandbox, though nobody listens.");
        story.now("worker", "starts anew, as a supervisor would do it");
        long start = System.nanoTime();
        WorkerProcess next = stage.runs(WorkerProcess.start(stage.state(), Stage.home(), 2));
        next.awaitReady(stage.state(), 2, stop);
        story.done("worker", Colour.PLAIN, "", "a new one (pid " + next.pid() + ") is up", since(start));
        story.now("log", "waits for the new worker to find the sandbox");
        await(() -> size(log) > offset, "the log does not go on");
        Duration recovery = since(killed);
        story.line(
                Colour.GOOD,
                "   log        goes on at byte " + offset + ", " + Story.seconds(recovery) + " after the kill");
        return new Seen(offset, recovery);
    }

    /** Compares the whole log with what one uninterrupted test writes. */
    Told.Killed judge(Seen seen, String output) {
        int starts = (int) NONCE.matcher(output).results().count();
        List<Integer> numbers = NUMBERED.matcher(output)
                .results()
                .map(line -> Integer.valueOf(line.group(1)))
                .toList();
        boolean whole = numbers.equals(IntStream.rangeClosed(1, LAST).boxed().toList());
        Told.Killed killed =
                new Told.Killed(seen.offset(), starts, seen.recovery().toMillis() / 1000.0, whole);
        Matcher nonce = NONCE.matcher(output);
        String name = nonce.find() ? nonce.group(1) : "none";
        if (killed.ok()) {
            story.says(
                    "           One nonce (" + name + "), orders 1 to " + LAST + ", each once and in order:",
                    "           the test ran once, no line is lost or repeated.");
        } else {
            story.line(
                    Colour.BAD,
                    "   The log is not that of one test: " + starts + " nonces, " + numbers.size() + " lines");
        }
        return killed;
    }

    private void await(BooleanSupplier condition, String otherwise) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AirlockException(ErrorCode.TIMEOUT, otherwise, null, null);
            }
            stop.pause(POLL);
        }
    }

    private static int counted(Path log) {
        try {
            if (!Files.exists(log)) {
                return 0;
            }
            return NUMBERED.matcher(Files.readString(log, StandardCharsets.ISO_8859_1))
                    .results()
                    .mapToInt(line -> Integer.parseInt(line.group(1)))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            // It is being moved to where it is kept.
            return 0;
        }
    }

    private static long size(Path log) {
        try {
            return Files.size(log);
        } catch (IOException e) {
            return 0;
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
