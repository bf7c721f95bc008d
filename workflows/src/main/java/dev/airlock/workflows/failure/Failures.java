package dev.airlock.workflows.failure;

import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/** The only place that makes an {@link ApplicationFailure}. */
public final class Failures {
    private Failures() {}

    /** @param message what happened, to which id, and what to do next */
    public static ApplicationFailure of(
            FailureType type, String message, @Nullable Throwable cause, Object... details) {
        ApplicationFailure.Builder builder = ApplicationFailure.newBuilder()
                .setType(type.name())
                .setMessage(message)
                .setNonRetryable(!type.retryable())
                .setDetails(details);
        if (cause != null) {
            builder.setCause(cause);
        }
        return builder.build();
    }

    /** A refusal by an update's validator; its type is the code of CONTRACT §8. */
    public static ApplicationFailure refusal(Enum<?> code, String message) {
        return ApplicationFailure.newBuilder()
                .setType(code.name())
                .setMessage(message)
                .setNonRetryable(true)
                .build();
    }
}
