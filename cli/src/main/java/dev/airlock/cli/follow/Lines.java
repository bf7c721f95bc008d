package dev.airlock.cli.follow;

import dev.airlock.cli.session.Text.Colour;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.StepStatus;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.change.Verdict;

/** Runs and steps in a few words, and what colour they are. */
public final class Lines {
    private Lines() {}

    /** Where a run stands, and why. */
    public static String state(RunStatus status) {
        String state = status.outcome() == null
                ? status.state().name()
                : status.outcome().name();
        return status.reason() == null ? state : state + ": " + status.reason();
    }

    public static Colour colour(RunStatus status) {
        if (status.outcome() != null) {
            return status.outcome() == Outcome.PROMOTED ? Colour.GOOD : Colour.BAD;
        }
        return switch (status.state()) {
            case WAITING_REVIEW, WAITING_EVENT, NEEDS_ATTENTION -> Colour.WAITING;
            case RUNNING, PROMOTING, ENDED -> Colour.STRONG;
        };
    }

    /** How a step's attempt stands, and why. */
    static String step(StepStatus step) {
        StringBuilder words = new StringBuilder(
                step.verdict() == null ? step.state().name() : step.verdict().name());
        if (step.limit() != null) {
            words.append("  limit ").append(step.limit());
        } else if (step.exitCode() != null && step.verdict() == Verdict.RED) {
            words.append("  exit code ").append(step.exitCode());
        }
        if (step.note() != null && !words.toString().contains(step.note())) {
            words.append("  ").append(step.note());
        }
        return words.toString();
    }

    public static Colour colour(StepStatus step) {
        if (step.state() == StepState.NEEDS_ATTENTION) {
            return Colour.WAITING;
        }
        if (step.verdict() == null) {
            return step.state() == StepState.WAITING ? Colour.WAITING : Colour.STRONG;
        }
        return switch (step.verdict()) {
            case PASSED -> Colour.GOOD;
            case RED -> Colour.BAD;
            case LOST -> Colour.WAITING;
            case SKIPPED -> Colour.FAINT;
        };
    }
}
