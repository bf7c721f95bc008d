package dev.airlock.evidence.audit;

import dev.airlock.workflows.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * How far a chain was found to be plainly what was written: one incarnation, its events in order, each sound and following
 * the one before; the last one may have copies right behind it. Anything else is to be looked at more closely.
 */
final class ChainProgress {
    private final ChainId chain;
    private @Nullable String incarnation;
    private @Nullable String hash;
    private long sequence;
    private long events;
    private long unsound;
    private @Nullable Long firstDeviation;
    private int partition = -1;
    private boolean suspect;
    private @Nullable Expected expected;

    private record Expected(String incarnation, long sequence, String hash) {}

    ChainProgress(ChainId chain) {
        this.chain = chain;
    }

    ChainId chain() {
        return chain;
    }

    void expect(String itsIncarnation, long itsSequence, String itsHash) {
        expected = new Expected(itsIncarnation, itsSequence, itsHash);
    }

    void advance(int where, EventId id, AuditRecord record) {
        partition = events == 0 ? where : partition;
        if (incarnation == null) {
            incarnation = id.incarnation();
        }
        String bears = record.hash().map(Digest::value).orElse("");
        boolean copy = id.incarnation().equals(incarnation) && id.sequence() == sequence && bears.equals(hash);
        if (copy) {
            return;
        }
        events++;
        boolean deviates = !follows(id, record)
                || (expected != null
                        && expected.sequence() == id.sequence()
                        && !expected.hash().equals(bears));
        if (deviates && !suspect) {
            firstDeviation = id.sequence();
        }
        suspect |= deviates;
        sequence = id.sequence();
        hash = bears;
    }

    /** Number of the first event that does not follow, absent if all do. */
    @Nullable
    Long firstDeviation() {
        return firstDeviation;
    }

    private boolean follows(EventId id, AuditRecord record) {
        if (sequence == 0) {
            return id.sequence() == 1 && record.follows(chain.origin());
        }
        return id.incarnation().equals(incarnation) && id.sequence() == sequence + 1 && record.follows(hash);
    }

    int partition() {
        return partition;
    }

    /** A record that bears its name is not sound. */
    void metUnsound() {
        suspect = true;
        unsound++;
    }

    /** Number of records that bear its name and are not sound. */
    long unsound() {
        return unsound;
    }

    boolean isExpected() {
        return expected != null;
    }

    boolean isAbsent() {
        return events == 0 && !suspect;
    }

    /** Whether nothing is wrong with it. */
    boolean isPlain() {
        boolean whole =
                expected == null || (expected.incarnation().equals(incarnation) && expected.sequence() <= sequence);
        return !suspect && whole;
    }

    /** Number of events that were seen. */
    long events() {
        return events;
    }

    void expectHeadOf(AuditVerifier verifier) {
        if (expected != null) {
            verifier.expectHead(chain, expected.incarnation(), expected.sequence(), new Digest(expected.hash()));
        }
    }
}
