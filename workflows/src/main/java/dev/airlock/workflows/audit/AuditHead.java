package dev.airlock.workflows.audit;

import dev.airlock.workflows.id.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last acknowledged event of a run's chain.
 *
 * @param incarnation Temporal run id under which it was written
 * @param sequence its number, from 1, without gaps within an incarnation
 * @param hash its hash
 * @param partition where Kafka keeps it
 * @param offset where Kafka keeps it
 * @param places where the run's events up to this one are, in order; absent when the emitter did not say
 * @param bundle artifact that holds the whole run, once it has ended
 */
public record AuditHead(
        String incarnation,
        long sequence,
        Digest hash,
        int partition,
        long offset,
        @Nullable List<Stretch> places,
        @Nullable Digest bundle) {
    /** Stretches so near to each other count as one: reading what lies between costs less than to remember both. */
    private static final long NEAR = 200;

    private static final int MOST_PLACES = 64;

    public AuditHead {
        places = places == null ? null : List.copyOf(places);
    }

    /** A head that says nothing of the events before it. */
    public AuditHead(String incarnation, long sequence, Digest hash, int partition, long offset) {
        this(incarnation, sequence, hash, partition, offset, null, null);
    }

    /**
     * A stretch of the partition that holds events of the run, maybe among others.
     *
     * @param from first offset; negative means from the run's start on, wherever that is
     * @param to last offset
     */
    public record Stretch(long from, long to) {}

    /** This head, with the places of the one before it and its own stretch. */
    public AuditHead after(@Nullable AuditHead before, Stretch own) {
        List<Stretch> all = new ArrayList<>();
        if (before != null) {
            all.addAll(before.places == null ? List.of(new Stretch(-1, before.offset)) : before.places);
        }
        Stretch last = all.isEmpty() ? null : all.getLast();
        if (last != null && (own.from - last.to <= NEAR || all.size() >= MOST_PLACES)) {
            all.removeLast();
            all.add(new Stretch(Math.min(last.from, own.from), Math.max(last.to, own.to)));
        } else {
            all.add(own);
        }
        return new AuditHead(incarnation, sequence, hash, partition, offset, all, bundle);
    }

    /** This head, once the run is kept as a whole. */
    public AuditHead withBundle(Digest whole) {
        return new AuditHead(incarnation, sequence, hash, partition, offset, places, whole);
    }
}
