package dev.airlock.starter.failure;

import com.fasterxml.jackson.core.JacksonException;
import dev.airlock.evidence.artifact.TamperedArtifactException;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.workspace.git.WorkspaceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What other modules throw, in the one form that users see. */
public final class Translations {
    private Translations() {}

    public static AirlockException of(PlatformException e) {
        ErrorCode code = switch (e.code()) {
            case USAGE -> ErrorCode.USAGE;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case ENGINE_ABSENT -> ErrorCode.ENGINE_ABSENT;
            case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
            case TIMEOUT -> ErrorCode.TIMEOUT;
            case INTERNAL -> ErrorCode.INTERNAL;
        };
        String message = e.getMessage() == null ? code.name() : e.getMessage();
        return new AirlockException(
                        code, message, e.subject().orElse(null), e.hint().orElse(null))
                .causedBy(e);
    }

    /**
     * @param what was being read or written, for the message
     * @param subject its id or path
     */
    public static AirlockException of(IOException e, String what, @Nullable String subject) {
        AirlockException known = switch (e) {
            case WorkspaceException workspace -> workspace(workspace, subject);
            case TamperedArtifactException tampered ->
                new AirlockException(
                        ErrorCode.TAMPERED,
                        what + " was altered: " + tampered.getMessage(),
                        subject,
                        "trust nothing that rests on it; `airlock audit verify` tells what else is wrong");
            case NoSuchFileException absent ->
                new AirlockException(ErrorCode.NOT_FOUND, what + ": there is no " + absent.getFile(), subject, null);
            case AccessDeniedException denied ->
                new AirlockException(
                        ErrorCode.USAGE,
                        what + ": may not be read: " + denied.getFile(),
                        subject,
                        "mend its permissions");
            case JacksonException json ->
                new AirlockException(
                        ErrorCode.TAMPERED,
                        what + " is not what was written: " + json.getOriginalMessage(),
                        subject,
                        null);
            default -> new AirlockException(ErrorCode.UNAVAILABLE, what + ": " + e.getMessage(), subject, null);
        };
        return known.causedBy(e);
    }

    private static AirlockException workspace(WorkspaceException e, @Nullable String subject) {
        ErrorCode code = switch (e.kind()) {
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case EXISTS, INVALID -> ErrorCode.USAGE;
            case CONFLICT -> ErrorCode.ALREADY_DECIDED;
            case CORRUPT -> ErrorCode.TAMPERED;
        };
        String message = e.getMessage() == null ? code.name() : e.getMessage();
        return new AirlockException(code, message, subject, null);
    }
}
