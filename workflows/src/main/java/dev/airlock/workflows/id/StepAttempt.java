package dev.airlock.workflows.id;

/**
 * One attempt of one step of a run. The attempt counts from 1 in workflow state and is never Temporal's own attempt.
 *
 * @param step the step's id in the pipeline
 */
public record StepAttempt(RunId run, String step, int attempt) {
    public StepAttempt {
        if (step.isEmpty() || attempt < 1) {
            throw new IllegalArgumentException("no step attempt: " + step + "/" + attempt);
        }
    }

    /** {@code step/attempt}, as logs and Temporal's UI show it. */
    public String label() {
        return step + "/" + attempt;
    }
}
