package dev.airlock.starter.failure;

/** The codes of the error object (CONTRACT §8) and what each says to a script. */
public enum ErrorCode {
    USAGE(2),
    NOT_FOUND(2),
    INVALID_PIPELINE(1),
    STALE_EVIDENCE(1),
    SELF_APPROVAL(1),
    NOT_A_REVIEWER(1),
    ALREADY_DECIDED(1),
    BASE_MOVED(1),
    TREE_MISMATCH(1),
    IMAGE_ABSENT(2),
    ENGINE_ABSENT(2),
    UNAVAILABLE(2),
    TOO_LARGE(1),
    TOO_OLD(1),
    TAMPERED(1),
    TIMEOUT(2),
    INTERNAL(2);

    private final int exitCode;

    ErrorCode(int exitCode) {
        this.exitCode = exitCode;
    }

    /** 1 for a definite no, 2 for "could not find out". */
    public int exitCode() {
        return exitCode;
    }
}
