package dev.airlock.starter.output;

import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.platform.settings.Suggestions;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StatusReader;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.starter.run.Watch;
import dev.airlock.starter.temporal.TemporalRuns;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of one step attempt: what the worker has written of it so far, then what was kept of it. Both are the same
 * bytes at the same offsets, so a change of worker or of source neither skips nor repeats any.
 */
public final class OutputReader {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int QUIET_ROUNDS = 5;

    private final Path live;
    private final ArtifactStore artifacts;
    private final TemporalRuns runs;
    private final StatusReader statuses;

    /** @param live directory of live output, {@code RUN/STEP/ATTEMPT} */
    public OutputReader(Path live, ArtifactStore artifacts, TemporalRuns runs, StatusReader statuses) {
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
        Source source =
                new Source(file(request, attempt), artifacts, attempt.id(), attempt.attempt(), request.offset());
        try {
            if (request.follow()) {
                follow(attempt, watch, source, sink);
                return;
            }
            source.drain(attempt.report(), sink);
        } catch (IOException e) {
            throw Translations.of(
                    e,
                    "the output of " + label(attempt) + " of " + request.run(),
                    request.run().value());
        }
    }

    private static void follow(StepStatus first, Watch watch, Source source, OutputSink sink) throws IOException {
        StepStatus attempt = first;
        int quiet = 0;
        while (!over(attempt)) {
            quiet = source.drain(null, sink) ? 0 : quiet + 1;
            if (quiet % QUIET_ROUNDS == QUIET_ROUNDS - 1) {
                attempt = again(watch, attempt);
                continue;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        source.drain(attempt.report(), sink);
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
        while (true) {
            RunStatus status = watch.look();
            Optional<StepStatus> found = status.steps().stream()
                    .filter(step -> steps.contains(step.id()))
                    .filter(step -> request.attempt() == null || step.attempt() == request.attempt())
                    .filter(step -> hasOutput(request, step))
                    .reduce((earlier, later) -> later);
            if (found.isPresent()) {
                return found.get();
            }
            if (!request.follow() || status.outcome() != null) {
                throw none(request, status);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean hasOutput(OutputRequest request, StepStatus step) {
        return !over(step) || step.report() != null || Files.exists(file(request, step));
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

    private Path file(OutputRequest request, StepStatus step) {
        return live.resolve(request.run().value()).resolve(step.id()).resolve(Integer.toString(step.attempt()));
    }

    private static String label(StepStatus step) {
        return step.id() + "/" + step.attempt();
    }
}
