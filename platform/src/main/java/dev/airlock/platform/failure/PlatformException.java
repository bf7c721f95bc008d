package dev.airlock.platform.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * "Could not find out": a part is absent or does not answer, or was asked wrongly.
 *
 * <p>The message is one line for a person: what happened, to what. The hint says how to mend it.
 */
public final class PlatformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The codes of the command line that a platform part can raise. */
    public enum Code {
        /** Asked wrongly: a flag, a setting, a file's form. */
        USAGE,
        /** The thing named is not there. */
        NOT_FOUND,
        /** No sandbox engine, or no compiler for its supervisor. */
        ENGINE_ABSENT,
        /** A server does not answer. */
        UNAVAILABLE,
        /** It did not happen in time. */
        TIMEOUT,
        /** A programming error, or a broken installation. */
        INTERNAL
    }

    private final Code code;
    private final @Nullable String subject;
    private final @Nullable String hint;

    private PlatformException(
            Code code, String message, @Nullable String subject, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.subject = subject;
        this.hint = hint;
    }

    /** A problem with {@code subject} (an address, a path, a name) that {@code hint} mends. */
    public static PlatformException of(Code code, String message, String subject, String hint) {
        return new PlatformException(code, message, subject, hint, null);
    }

    /** As above, caused by another failure, which only {@code --debug} shows. */
    public static PlatformException of(Code code, String message, String subject, String hint, Throwable cause) {
        return new PlatformException(code, message, subject, hint, cause);
    }

    /** One of the command line's codes. */
    public Code code() {
        return code;
    }

    /** What the problem is about. */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** How to mend it, in the imperative. */
    public Optional<String> hint() {
        return Optional.ofNullable(hint);
    }
}
