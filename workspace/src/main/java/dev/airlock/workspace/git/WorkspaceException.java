package dev.airlock.workspace.git;

import java.io.IOException;

/** A workspace does not allow or does not hold what was asked for. Other {@link IOException}s mean "could not find out". */
public final class WorkspaceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** @param message what happened, to what, and what to do next */
    public WorkspaceException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    WorkspaceException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What is wrong. */
    public enum Kind {
        /** No workspace, branch, commit or file of that name. */
        NOT_FOUND,
        /** A workspace of that name is there already. */
        EXISTS,
        /** A name or content that no workspace takes. */
        INVALID,
        /** A ref of that name holds something else. */
        CONFLICT,
        /** What was recorded earlier is missing or differs. */
        CORRUPT
    }
}
