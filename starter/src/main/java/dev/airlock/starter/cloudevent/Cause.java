package dev.airlock.starter.cloudevent;

/** Why a record became a dead letter. The names are stable: programs select by them. */
public enum Cause {
    /** It has no value, or an empty one. */
    EMPTY,
    /** It, or what it refers to, is over a bound. */
    TOO_LARGE,
    /** Its headers are no CloudEvents headers: twice the same, not UTF-8, or contradicting the value. */
    BAD_HEADERS,
    NOT_UTF8,
    /** Not one JSON value: broken off, nested too deeply, a member twice, a number that nothing holds exactly. */
    NOT_JSON,
    /** A required attribute is missing, or has another form. */
    NOT_A_CLOUDEVENT,
    /** A CloudEvent of a type that nobody here takes. */
    UNKNOWN_TYPE,
    /** The data is not what its type needs. */
    INVALID_REQUEST,
    /** No configured rule lets this source do that. */
    NOT_ALLOWED,
    UNKNOWN_WORKSPACE,
    /** The branch, pipeline, artifact or run that it names is not there. */
    NOT_FOUND,
    /** The pipeline of the base does not compile. */
    INVALID_PIPELINE,
    /** A step wants an image that is not registered. */
    IMAGE_ABSENT,
    /** The candidate branch was grown from an older base. */
    BASE_MOVED,
    /** Its source and id were used by another request. */
    CONFLICT,
    /** So old that nobody knows whether it was started before. */
    TOO_OLD,
    /** An event for a run that is over. */
    RUN_ENDED,
    /** What it refers to is not what its digest says. */
    TAMPERED,
    /** A part did not do its work on it, many times, while it did on others. */
    UNAVAILABLE,
    /** A bug. */
    INTERNAL;

    /** Whether it is a refusal that belongs on the audit trail. */
    public boolean isPolicy() {
        return this == NOT_ALLOWED || this == UNKNOWN_WORKSPACE;
    }
}
