package dev.airlock.workflows.session;

import org.jspecify.annotations.Nullable;

/**
 * How it is to end.
 *
 * @param reason one line for people
 * @param refused why it could not be made, absent when it could
 */
record SessionEnd(
        SessionOutcome outcome, String reason, @Nullable Refused refused) {
    static SessionEnd of(SessionOutcome outcome, String reason) {
        return new SessionEnd(outcome, reason, null);
    }
}
