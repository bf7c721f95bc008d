package dev.airlock.evidence.audit;

import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What a sound record says of itself: its content has the hash that it bears.
 *
 * @param sequence its number within the incarnation
 * @param type CloudEvents type
 * @param canonical whether it is surely written as Airlock writes; else it may have been written anew
 */
public record RecordFacts(
        ChainId chain, String incarnation, long sequence, Digest hash, String type, boolean canonical) {

    /** Nothing if it is no event of Airlock, or does not have its hash. */
    public static @Nullable RecordFacts of(byte[] record) {
        return of(AuditRecord.read(record, 0));
    }

    static @Nullable RecordFacts of(AuditRecord record) {
        EventId id = record.said().orElse(null);
        Digest hash = record.hash().orElse(null);
        String type = record.type();
        if (!record.sound() || id == null || hash == null || type == null) {
            return null;
        }
        return new RecordFacts(id.chain(), id.incarnation(), id.sequence(), hash, type, record.canonical());
    }
}
