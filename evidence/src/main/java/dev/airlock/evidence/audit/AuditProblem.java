package dev.airlock.evidence.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a trail.
 *
 * @param run absent if the record does not say whose it is
 * @param sequence number of the event, or of the first absent one; absent if the record belongs nowhere in a chain
 * @param detail for people: what was found, and where
 */
public record AuditProblem(
        Kind kind, @Nullable ChainId run, @Nullable Long sequence, String detail) {

    /** What was done to the trail. */
    public enum Kind {
        /** Events are absent between others. */
        @JsonProperty("missing")
        MISSING,
        /** A record is not what was written. */
        @JsonProperty("altered")
        ALTERED,
        /** Events stand in another order. */
        @JsonProperty("swapped")
        SWAPPED,
        /** Two records with one id and different content. */
        @JsonProperty("repeated")
        REPEATED,
        /** The end is absent. */
        @JsonProperty("truncated")
        TRUNCATED,
        /** Two events follow one, other than by a reset. */
        @JsonProperty("forked")
        FORKED
    }
}
