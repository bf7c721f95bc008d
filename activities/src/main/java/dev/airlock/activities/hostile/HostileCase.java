package dev.airlock.activities.hostile;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that means harm, as {@code hostile list} describes it.
 *
 * @param does what it tries
 * @param must what must become of it, for people
 * @param quick harmless and done in a moment
 * @param plain why a plain container holds it too; absent when it does not
 */
public record HostileCase(
        String name,
        String group,
        String does,
        String must,
        boolean quick,
        @Nullable String plain,
        Outside outside) {

    /** What must be seen from outside. What is not named is not asked for. */
    public record Outside(List<String> end, int seconds, int within, Output output, Files files, Probes probes) {
        /** It says itself how it went. */
        static final String VERDICT = "verdict";

        private static final Duration OVERSHOOT = Duration.ofSeconds(1);

        public Outside {
            end = List.copyOf(end);
        }

        Duration timeout() {
            return Duration.ofSeconds(seconds);
        }

        /** When it must have ended, from its start. */
        Duration latest() {
            return within == 0 ? timeout().plus(OVERSHOOT) : Duration.ofMillis(within);
        }

        /** Whether its tree is looked at. */
        boolean collects() {
            return !files.refused().isEmpty()
                    || !files.kept().isEmpty()
                    || !files.dropped().isEmpty();
        }
    }

    /**
     * Of what it prints.
     *
     * @param whole all of it, hexadecimal
     * @param least so many bytes at least
     * @param never a text that is not in it
     */
    public record Output(
            @Nullable String whole, long least, @Nullable String never) {}

    /**
     * Of its workspace.
     *
     * @param refused findings, as {@code rule path}; the path may be the beginning of one
     * @param kept paths that are collected
     * @param dropped paths that are not
     */
    public record Files(List<String> refused, List<String> kept, List<String> dropped) {
        public Files(
                @JsonProperty("refused") @Nullable List<String> refused,
                @JsonProperty("kept") @Nullable List<String> kept,
                @JsonProperty("dropped") @Nullable List<String> dropped) {
            this.refused = refused == null ? List.of() : List.copyOf(refused);
            this.kept = kept == null ? List.of() : List.copyOf(kept);
            this.dropped = dropped == null ? List.of() : List.copyOf(dropped);
        }
    }

    /**
     * What must still work.
     *
     * @param beside in a neighbour, while it holds what it took
     * @param then in the same sandbox, when it has ended
     */
    public record Probes(@Nullable String beside, @Nullable String then) {}
}
