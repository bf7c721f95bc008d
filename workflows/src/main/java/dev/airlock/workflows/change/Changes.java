package dev.airlock.workflows.change;

import io.temporal.workflow.Workflow;

/**
 * What runs do otherwise than earlier ones did. A run's history says which way it took, and it keeps to it.
 *
 * @param level how much of it holds for this run
 */
record Changes(int level) {
    private static final String ID = "local-checks";
    private static final int LOCAL_CHECKS = 1;
    private static final int BOUNDED_BATCHES = 2;

    /** Asked once, at the start of a run: every question leaves an event. So all changes share one. */
    static Changes ofThisRun() {
        return new Changes(Workflow.getVersion(ID, Workflow.DEFAULT_VERSION, BOUNDED_BATCHES));
    }

    /** Short checks run in the run's own workflow tasks, and the trail is written once in each. */
    boolean checksLocally() {
        return level >= LOCAL_CHECKS;
    }

    /** However much is to be told at a time, no emission is larger than a payload may be. */
    boolean boundsBatches() {
        return level >= BOUNDED_BATCHES;
    }
}
