package dev.airlock.starter.trigger;

import dev.airlock.starter.cloudevent.Cause;
import dev.airlock.starter.cloudevent.Unacceptable;
import dev.airlock.starter.failure.AirlockException;

/** What a failure to start means for the record. */
final class Failure {
    private Failure() {}

    /** Whether the next try may do better: nothing is wrong with the record. */
    static boolean isTransient(AirlockException e) {
        return switch (e.code()) {
            case UNAVAILABLE, TIMEOUT, INTERNAL, ENGINE_ABSENT -> true;
            default -> false;
        };
    }

    /** A definite no. */
    static Unacceptable definite(AirlockException e) {
        String hint = e.hint() == null ? "" : " (" + e.hint() + ")";
        return new Unacceptable(cause(e), e.text() + hint);
    }

    /** Of one that was tried to no end. */
    static Cause cause(AirlockException e) {
        return switch (e.code()) {
            case USAGE -> Cause.INVALID_REQUEST;
            case NOT_FOUND -> Cause.NOT_FOUND;
            case INVALID_PIPELINE -> Cause.INVALID_PIPELINE;
            case IMAGE_ABSENT -> Cause.IMAGE_ABSENT;
            case BASE_MOVED -> Cause.BASE_MOVED;
            case TOO_LARGE -> Cause.TOO_LARGE;
            case TOO_OLD -> Cause.TOO_OLD;
            case TAMPERED, TREE_MISMATCH -> Cause.TAMPERED;
            case ALREADY_DECIDED -> Cause.RUN_ENDED;
            case UNAVAILABLE, TIMEOUT, ENGINE_ABSENT -> Cause.UNAVAILABLE;
            case INTERNAL, STALE_EVIDENCE, SELF_APPROVAL, NOT_A_REVIEWER -> Cause.INTERNAL;
        };
    }
}
