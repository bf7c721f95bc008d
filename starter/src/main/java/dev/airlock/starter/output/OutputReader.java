package dev.airlock.starter.output;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.output.OutputRecord;
import dev.airlock.platform.settings.Suggestions;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.Deadline;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StatusReader;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.starter.run.Watch;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of one step attempt: what was kept of it once it has ended, and live output before. Both are the same bytes
 * at the same offsets, so a change of worker or of source neither skips nor repeats any.
 */
public final class OutputReader {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
    private static final int QUIET_ROUNDS = 5;

    private final LiveOutput live;
    private final ArtifactStore artifacts;
    private final TemporalRuns runs;
    private final StatusReader statuses;

    public OutputReader(LiveOutput live, ArtifactStore artifacts, TemporalRuns runs, StatusReader statuses) {
        this.live = live;
        this.artifacts = artifacts;
        this.runs = runs;
        this.statuses = statuses;
    }

    /** @throws AirlockException {@code NOT_FOUND} when there is no such run, step or output */
    public void read(OutputRequest request, OutputSink sink) {
        Set<String> steps = stepsWithOutput(request);
        Watch watch = new Watch(statuses, request.run());
        StepStatus attempt = find(request, steps, watch);
        AttemptStream stream = new AttemptStream(at(request, attempt), request.offset());
        try {
            if (isKept(attempt)) {
                kept(attempt, stream, sink);
                return;
            }
            try (LiveOutput.Feed feed = open(request, attempt)) {
                if (request.follow()) {
                    follow(attempt, watch, feed, stream, sink);
                } else {
                    rest(feed, stream, sink);
                }
            }
        } catch (IOException e) {
            throw Translations.of(
                    e,
                    "the output of " + label(attempt) + " of " + request.run(),
                    request.run().value());
        }
    }

    private void follow(StepStatus first, Watch watch, LiveOutput.Feed feed, AttemptStream stream, OutputSink sink)
            throws IOException {
        StepStatus attempt = first;
        int quiet = 0;
        while (!over(attempt)) {
            quiet = stream.take(feed.poll(PAUSE), sink) ? 0 : quiet + 1;
            if (stream.isWhole() || quiet % QUIET_ROUNDS == QUIET_ROUNDS - 1) {
                attempt = again(watch, attempt);
            }
        }
        if (isKept(attempt)) {
            kept(attempt, stream, sink);
        } else {
            rest(feed, stream, sink);
        }
    }

    /** What live output holds now; of an attempt that has ended it may be about to say so. */
    private static void rest(LiveOutput.Feed feed, AttemptStream stream, OutputSink sink) throws IOException {
        Deadline patience = Deadline.in(PATIENCE);
        while (!stream.isWhole() && !stream.isCut() && !feed.caughtUp()) {
            if (stream.take(feed.poll(PAUSE), sink)) {
                patience = Deadline.in(PATIENCE);
            }
            if (patience.over()) {
                throw new AirlockException(
                        ErrorCode.UNAVAILABLE,
                        "live output of " + stream.at().run() + " "
                                + stream.at().label() + " is not given",
                        stream.at().run().value(),
                        "is Kafka up? `airlock doctor` tells");
            }
        }
        stream.requireNoGap();
    }

    private boolean isKept(StepStatus attempt) {
        Digest report = attempt.report();
        return over(attempt) && report != null && artifacts.has(report);
    }

    private void kept(StepStatus attempt, AttemptStream stream, OutputSink sink) throws IOException {
        Digest report = attempt.report();
        if (report == null || artifacts.size(report) <= stream.next()) {
            return;
        }
        try (InputStream in = artifacts.open(report)) {
            in.skipNBytes(stream.next());
            byte[] buffer = new byte[OutputRecord.MOST];
            long offset = stream.next();
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                sink.accept(new OutputChunk(attempt.id(), attempt.attempt(), offset, Arrays.copyOf(buffer, count)));
                offset += count;
            }
        }
    }

    private LiveOutput.Feed open(OutputRequest request, StepStatus attempt) {
        return live.open(request.run(), attempt.started().minus(CLOCK_SKEW));
    }

    /** An attempt that needs attention goes on no more: whoever mends it makes a new one. */
    private static boolean over(StepStatus attempt) {
        return attempt.state() == StepState.DONE || attempt.state() == StepState.NEEDS_ATTENTION;
    }

    private static StepStatus again(Watch watch, StepStatus attempt) {
        return watch.look().steps().stream()
                .filter(step -> step.id().equals(attempt.id()) && step.attempt() == attempt.attempt())
                .findFirst()
                .orElse(attempt);
    }

    private StepStatus find(OutputRequest request, Set<String> steps, Watch watch) {
        Map<StepAttempt, Boolean> held = new HashMap<>();
        while (true) {
            RunStatus status = watch.look();
            Optional<StepStatus> found = status.steps().reversed().stream()
                    .filter(step -> steps.contains(step.id()))
                    .filter(step -> request.attempt() == null || step.attempt() == request.attempt())
                    .filter(step -> !over(step)
                            || step.report() != null
                            || held.computeIfAbsent(at(request, step), at -> isHeld(request, step)))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (!request.follow() || status.outcome() != null) {
                throw none(request, status);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Whether there is live output of an attempt whose output nobody kept: its sandbox was lost. */
    private boolean isHeld(OutputRequest request, StepStatus step) {
        StepAttempt at = at(request, step);
        Deadline patience = Deadline.in(PATIENCE);
        try (LiveOutput.Feed feed = open(request, step)) {
            do {
                if (feed.poll(PAUSE).stream()
                        .anyMatch(each -> each.record().at().equals(at))) {
                    return true;
                }
            } while (!feed.caughtUp() && !patience.over());
            return false;
        }
    }

    private Set<String> stepsWithOutput(OutputRequest request) {
        List<Step> pipeline =
                runs.request(request.run()).definition().pipeline().steps();
        Set<String> able = pipeline.stream()
                .filter(step -> step.use() instanceof StepUse.Generate || step.use() instanceof StepUse.Sandbox)
                .map(Step::id)
                .collect(Collectors.toSet());
        if (request.step() == null) {
            return able;
        }
        if (!able.contains(request.step())) {
            String known =
                    pipeline.stream().map(Step::id).filter(able::contains).collect(Collectors.joining(", "));
            String meant = Suggestions.nearest(request.step(), able)
                    .map(near -> "did you mean " + near + "? ")
                    .orElse("");
            throw new AirlockException(
                    ErrorCode.NOT_FOUND,
                    request.run() + " has no step " + request.step() + " with output",
                    request.step(),
                    meant + "steps with output: " + known);
        }
        return Set.of(request.step());
    }

    private static AirlockException none(OutputRequest request, RunStatus status) {
        String step = request.step() == null
                ? "any step" + (request.attempt() == null ? "" : " in attempt " + request.attempt())
                : request.step() + attempt(request.attempt());
        return new AirlockException(
                ErrorCode.NOT_FOUND,
                request.run() + " has no output of " + step,
                request.run().value(),
                status.outcome() == null && request.attempt() == null
                        ? "wait for it with -f"
                        : "`airlock status " + request.run() + "` lists the attempts");
    }

    private static String attempt(@Nullable Integer attempt) {
        return attempt == null ? "" : "/" + attempt;
    }

    private static StepAttempt at(OutputRequest request, StepStatus step) {
        return new StepAttempt(request.run(), step.id(), step.attempt());
    }

    private static String label(StepStatus step) {
        return step.id() + "/" + step.attempt();
    }
}
