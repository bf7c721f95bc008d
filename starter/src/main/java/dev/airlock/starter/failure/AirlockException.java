package dev.airlock.starter.failure;

import org.jspecify.annotations.Nullable;

/** A refusal, or a thing that could not be found out: one message for people, one code for programs. */
public final class AirlockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String subject;
    private final @Nullable String hint;

    /**
     * @param message what happened, to which id
     * @param subject the id or name that it is about
     * @param hint what to do next
     */
    public AirlockException(ErrorCode code, String message, @Nullable String subject, @Nullable String hint) {
        super(message);
        this.code = code;
        this.subject = subject;
        this.hint = hint;
    }

    public ErrorCode code() {
        return code;
    }

    public @Nullable String subject() {
        return subject;
    }

    public @Nullable String hint() {
        return hint;
    }

    /** The message, never absent. */
    public String text() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }

    /** Keeps what led here, for {@code --debug}. */
    public AirlockException causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }
}
