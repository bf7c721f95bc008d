package dev.airlock.platform.kafka;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster answers to a client that it does not let in, or not that far. It is no outage: waiting does not mend it.
 *
 * @param what follows "Kafka at HOST:PORT"
 * @param hint the mend
 */
public record KafkaRefusal(String what, String hint) {
    private static final int DEEPEST = 10;

    /** The refusal that a failure tells of, if it does. */
    public static Optional<KafkaRefusal> in(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof AuthenticationException) {
                return Optional.of(new KafkaRefusal(
                        "refuses the login: " + cause.getMessage(),
                        "mend the file that " + KafkaSecurity.VARIABLE + " names, or the user on the cluster"));
            }
            if (cause instanceof AuthorizationException) {
                return Optional.of(new KafkaRefusal(
                        "does not allow it: " + cause.getMessage(),
                        "give this user the ACL; docs/operations.md lists what each part needs"));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
