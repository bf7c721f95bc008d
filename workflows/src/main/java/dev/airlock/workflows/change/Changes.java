package dev.airlock.workflows.change;

import io.temporal.workflow.Workflow;

/** What runs do otherwise than earlier ones did. A run's history says which way it took, and it keeps to it. */
final class Changes {
    /** Short checks run in the run's own workflow tasks, and the trail is written once in each task. */
    private static final String LOCAL_CHECKS = "local-checks";

    private Changes() {}

    /** Asked once, at the start of a run: every question leaves an event. */
    static boolean checksLocally() {
        return Workflow.getVersion(LOCAL_CHECKS, Workflow.DEFAULT_VERSION, 1) != Workflow.DEFAULT_VERSION;
    }
}
