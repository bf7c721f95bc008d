package dev.airlock.starter.deadletter;

import dev.airlock.workflows.id.Principal;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of a dead letter: the data of a {@code dev.airlock.request.settled.v1}, in the letter's own partition behind it.
 *
 * @param letter its id
 */
public record Settlement(
        String letter,
        How how,
        Principal by,
        Instant time,
        @Nullable String reason) {
    public Settlement {
        Stream.of(letter, how, by, time).forEach(Objects::requireNonNull);
    }

    /** What was done. */
    public enum How {
        /** Sent again, as it came. If it cannot be taken again either, that makes a letter of its own. */
        REPLAYED,
        /** Given up. */
        DISCARDED
    }
}
