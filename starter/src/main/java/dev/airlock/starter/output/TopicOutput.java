package dev.airlock.starter.output;

import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.Deadline;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Output by the output topic alone, from any machine that reaches Kafka: neither a state directory nor Temporal is needed. */
public final class TopicOutput {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final LiveOutput live;
    private final RunCourse course;
    private final Duration longestSilence;

    /** @param course tells whether it is worth to go on waiting */
    public TopicOutput(LiveOutput live, RunCourse course) {
        this(live, course, PATIENCE);
    }

    TopicOutput(LiveOutput live, RunCourse course, Duration longestSilence) {
        this.live = live;
        this.course = course;
        this.longestSilence = longestSilence;
    }

    /**
     * Hands over what the topic holds; when following, until the attempt has ended.
     *
     * @throws AirlockException {@code NOT_FOUND} when it holds none, or no longer all, or never will; {@code UNAVAILABLE} when
     *     Kafka does not answer from the beginning
     */
    public void read(OutputRequest request, OutputSink sink) {
        try (LiveOutput.Feed feed = live.open(request.run(), null)) {
            LiveOutput.Placed first = find(request, feed);
            feed.rewind(first.place());
            stream(request, first.record().at(), feed, sink);
        } catch (IOException e) {
            throw Translations.of(
                    e, "the output of " + request.run(), request.run().value());
        }
    }

    /** The first record of the attempt that began last, as far as the topic tells. */
    private LiveOutput.Placed find(OutputRequest request, LiveOutput.Feed feed) {
        LinkedHashMap<StepAttempt, LiveOutput.Placed> begun = new LinkedHashMap<>();
        Silence silence = new Silence(course, longestSilence);
        Deadline patience = Deadline.in(PATIENCE);
        while (true) {
            for (LiveOutput.Placed placed : feed.poll(POLL)) {
                patience = Deadline.in(PATIENCE);
                if (isWanted(request, placed.record().at())) {
                    begun.putIfAbsent(placed.record().at(), placed);
                }
            }
            boolean all = feed.caughtUp();
            if (all && !begun.isEmpty()) {
                return begun.lastEntry().getValue();
            }
            if (all && (!request.follow() || silence.inVain(request).isPresent())) {
                throw none(request);
            }
            if (!all && patience.over()) {
                throw silent();
            }
        }
    }

    private static boolean isWanted(OutputRequest request, StepAttempt at) {
        return (request.step() == null || request.step().equals(at.step()))
                && (request.attempt() == null || request.attempt() == at.attempt());
    }

    private void stream(OutputRequest request, StepAttempt at, LiveOutput.Feed feed, OutputSink sink)
            throws IOException {
        AttemptStream stream = new AttemptStream(at, request.offset());
        OutputRequest named = new OutputRequest(at.run(), at.step(), at.attempt(), request.follow(), request.offset());
        Silence silence = new Silence(course, longestSilence);
        Deadline patience = Deadline.in(PATIENCE);
        while (!stream.isWhole()) {
            if (stream.take(feed.poll(POLL), sink)) {
                patience = Deadline.in(PATIENCE);
                silence.broken();
            }
            boolean all = feed.caughtUp();
            if (stream.isCut() || (all && !request.follow())) {
                stream.requireNoGap();
            }
            if (all && !request.follow()) {
                return;
            }
            if (!request.follow() && patience.over()) {
                throw silent();
            }
            Optional<String> over = all ? silence.inVain(named) : Optional.empty();
            if (over.isPresent()) {
                throw unended(stream, over.get());
            }
        }
    }

    private static AirlockException unended(AttemptStream stream, String over) {
        return new AirlockException(
                ErrorCode.NOT_FOUND,
                over + ", and the output topic does not have what it printed last, from byte " + stream.next() + " on",
                stream.at().run().value(),
                "its host is gone, or cannot reach Kafka; `airlock logs` on the state directory shows what was kept");
    }

    private static AirlockException silent() {
        return new AirlockException(
                ErrorCode.UNAVAILABLE, "Kafka does not answer", "AIRLOCK_KAFKA", "is that its address, and is it up?");
    }

    private static AirlockException none(OutputRequest request) {
        return new AirlockException(
                ErrorCode.NOT_FOUND,
                "the output topic has no output of " + request.run()
                        + (request.step() == null ? "" : " " + request.step())
                        + (request.attempt() == null ? "" : " in attempt " + request.attempt()),
                request.run().value(),
                request.follow()
                        ? "the run has ended; `airlock logs` on its state directory shows what was kept"
                        : "it keeps output for a day; wait for it with -f, or ask where the state directory is");
    }
}
