package dev.airlock.workflows.session;

import dev.airlock.workflows.change.Lines;

/** Leaves a call that cannot be answered as it was meant. Never leaves the workflow. */
final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refused refused;

    Unanswered(SessionRefusal code, String message) {
        super(message);
        this.refused = new Refused(code, String.valueOf(Lines.shorten(message)));
    }

    Refused refused() {
        return refused;
    }
}
