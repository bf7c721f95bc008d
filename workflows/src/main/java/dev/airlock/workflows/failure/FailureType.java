package dev.airlock.workflows.failure;

/** Every way in which an activity fails to find out. Expected outcomes are values, never these. */
public enum FailureType {
    /** A server (Docker, Kafka, git, disk) does not answer; trying again may help. */
    UNAVAILABLE(true),
    /** The worker shuts down and leaves the sandbox running; details carry a SandboxPlace. */
    DETACHED(false),
    /** The image that a step names is not registered. */
    IMAGE_ABSENT(false),
    /** The isolation that a step asks for cannot be established; nothing was started. */
    ISOLATION_REFUSED(false),
    /** A step asks for a network or a secret that the installation does not let it have; nothing was started. */
    NETWORK_REFUSED(false),
    /** A step sends to a topic that the installation does not allow. */
    TOPIC_REFUSED(false),
    /** A sandbox or object of that name exists and is not what this job would have made. */
    CONFLICT(false),
    /** Something is larger than its bound. */
    TOO_LARGE(false),
    /** What was recorded earlier is missing or differs. */
    CORRUPT(false),
    /** A programming error. */
    INTERNAL(false);

    private final boolean retryable;

    FailureType(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether Temporal's retry policy applies. */
    public boolean retryable() {
        return retryable;
    }
}
