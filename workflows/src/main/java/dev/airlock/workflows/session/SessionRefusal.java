package dev.airlock.workflows.session;

import dev.airlock.workflows.failure.FailureType;

/** Why a call on an interactive sandbox gets no answer; the error codes of CONTRACT §8, and one for the client alone. */
public enum SessionRefusal {
    USAGE,
    NOT_FOUND,
    ALREADY_DECIDED,
    IMAGE_ABSENT,
    ENGINE_ABSENT,
    UNAVAILABLE,
    TOO_LARGE,
    TAMPERED,
    TIMEOUT,
    INTERNAL,
    /** The workflow is about to continue as new: the client asks again, with the same id. */
    CONTINUING;

    /** What the failure of an activity is to who called. */
    static SessionRefusal of(FailureType type) {
        return switch (type) {
            case IMAGE_ABSENT -> IMAGE_ABSENT;
            case ISOLATION_REFUSED -> ENGINE_ABSENT;
            case TOO_LARGE -> TOO_LARGE;
            case CORRUPT -> TAMPERED;
            case UNAVAILABLE, DETACHED -> UNAVAILABLE;
            case TOPIC_REFUSED, NETWORK_REFUSED, CONFLICT, INTERNAL -> INTERNAL;
        };
    }
}
