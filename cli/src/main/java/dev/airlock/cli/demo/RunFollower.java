package dev.airlock.cli.demo;

import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.Verdict;
import dev.airlock.workflows.id.RunId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Tells each attempt of each step of one run as it ends. */
final class RunFollower {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String GENERATE = "generate";
    private static final String TEST = "test";

    private final AirlockClient client;
    private final RunId run;
    private final Story story;
    private final Stop stop;
    private final Set<String> told = new HashSet<>();
    private int attempt;

    RunFollower(AirlockClient client, RunId run, Story story, Stop stop) {
        this.client = client;
        this.run = run;
        this.story = story;
        this.stop = stop;
    }

    /** Tells what comes until the run is there. @throws AirlockException when it never gets there by itself */
    RunStatus until(Predicate<RunStatus> there) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            RunStatus status = client.status(run);
            tell(status);
            if (there.test(status)) {
                return status;
            }
            if (status.outcome() != null || status.state() == RunState.NEEDS_ATTENTION) {
                throw strayed(status);
            }
            if (System.nanoTime() - end > 0) {
                throw new AirlockException(
                        ErrorCode.TIMEOUT, run + " is still " + status.state() + " after minutes", run.value(), null);
            }
            stop.pause(POLL);
        }
    }

    private AirlockException strayed(RunStatus status) {
        String where = status.outcome() == null
                ? status.state().name()
                : status.outcome().name();
        String reason = status.reason() == null ? "" : ": " + status.reason();
        return new AirlockException(ErrorCode.INTERNAL, run + " is " + where + reason, run.value(), null);
    }

    private void tell(RunStatus status) {
        for (StepStatus step : status.steps()) {
            if (step.id().equals(GENERATE) && step.attempt() > attempt) {
                attempt = step.attempt();
                story.chapter(
                        attempt == 1
                                ? "The agent's first attempt"
                                : "Attempt " + attempt + ": the agent reads what went wrong");
            }
            if (step.state() == StepState.RUNNING) {
                story.now(step.id(), "running, " + Story.seconds(Duration.between(step.started(), Instant.now())));
            }
            if (step.state() == StepState.DONE && told.add(step.id() + "/" + step.attempt())) {
                tell(step);
            }
        }
    }

    private void tell(StepStatus step) {
        switch (step.id()) {
            case GENERATE -> generated(step);
            case "validate" -> done(step, Colour.GOOD, "clean", ": no forbidden path, no secret, nothing too large");
            case TEST -> tested(step);
            default -> {
                // Review and promotion have chapters of their own.
            }
        }
    }

    private void generated(StepStatus step) {
        done(
                step,
                Colour.PLAIN,
                "",
                step.attempt() == 1 ? "from the task" : "from the task and the failed test's output");
        story.quote(Colour.FAINT, Excerpts.words(output(step), "agent"));
    }

    private void tested(StepStatus step) {
        String output = output(step);
        String tests = Excerpts.tests(output);
        if (step.verdict() == Verdict.PASSED) {
            done(step, Colour.GOOD, "green", ": " + (tests.isEmpty() ? "" : tests + ", ") + "exit code 0");
            return;
        }
        done(step, Colour.BAD, "red", ": " + (tests.isEmpty() ? "" : tests + ", ") + "exit code " + step.exitCode());
        story.quote(Colour.BAD, Excerpts.failures(output));
        story.says(
                "Nobody was asked: what is red never reaches a reviewer. The agent gets the",
                "output, and another attempt.");
    }

    private void done(StepStatus step, Colour colour, String verdict, String text) {
        Instant ended = step.ended() == null ? Instant.now() : step.ended();
        story.done(step.id(), colour, verdict, text, Duration.between(step.started(), ended));
    }

    private String output(StepStatus step) {
        return output(step.id(), step.attempt());
    }

    /** The whole output of an attempt, as text. */
    String output(String step, int number) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        client.output(new OutputRequest(run, step, number, false, 0), chunk -> bytes.write(chunk.data()));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
