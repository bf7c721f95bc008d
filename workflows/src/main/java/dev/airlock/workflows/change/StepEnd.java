package dev.airlock.workflows.change;

import dev.airlock.workflows.sandbox.SandboxJob;

/** What a finished step means for the run. */
sealed interface StepEnd {

    record Passed() implements StepEnd {}

    /**
     * Goes back to generate with what is to be told there; without a generate step or an attempt left it ends the run.
     */
    record Red(SandboxJob.Input feedback, Ending otherwise) implements StepEnd {}

    /** The infrastructure lost the attempt: the same step again, as a new attempt. */
    record Again() implements StepEnd {}

    record Ends(Ending ending) implements StepEnd {}
}
