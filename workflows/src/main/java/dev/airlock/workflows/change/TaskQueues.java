package dev.airlock.workflows.change;

/** Task queues (CONTRACT §6). */
public final class TaskQueues {
    /** Workflows, and every activity that is not named below. */
    public static final String MAIN = "airlock";

    /** Sandbox jobs that any host may take. */
    public static final String SANDBOX = "airlock-sandbox";

    /** The fallback of audit emission, so that an outage of Kafka never fills the slots of the rest. */
    public static final String AUDIT = "airlock-audit";

    private TaskQueues() {}

    /** Sandbox jobs whose sandbox is on that host. */
    public static String sandboxOn(String host) {
        return SANDBOX + "-" + host;
    }
}
