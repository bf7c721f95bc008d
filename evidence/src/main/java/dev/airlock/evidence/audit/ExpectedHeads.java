package dev.airlock.evidence.audit;

import dev.airlock.workflows.audit.AuditHead;
import dev.airlock.workflows.id.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known from elsewhere about how trails end. */
final class ExpectedHeads {
    private final Map<ChainId, Head> ofRuns = new LinkedHashMap<>();
    private final List<Digest> loose = new ArrayList<>();

    /** A run's head, as far as it is known. */
    record Head(@Nullable String incarnation, @Nullable Long sequence, Digest hash) {}

    void add(ChainId run, AuditHead head) {
        ofRuns.put(run, new Head(head.incarnation(), head.sequence(), head.hash()));
    }

    void add(ChainId run, long sequence, Digest hash) {
        ofRuns.put(run, new Head(null, sequence, hash));
    }

    void add(ChainId run, String incarnation, long sequence, Digest hash) {
        ofRuns.put(run, new Head(incarnation, sequence, hash));
    }

    void add(Digest hash) {
        loose.add(hash);
    }

    Map<ChainId, Head> ofRuns() {
        return ofRuns;
    }

    /** Heads of which nobody said whose they are. */
    List<Digest> loose() {
        return loose;
    }

    /** Whether the record is known from elsewhere. */
    boolean vouchFor(ChainId run, AuditRecord record) {
        Head head = ofRuns.get(run);
        return (head != null && record.mayHaveHash(head.hash().value()))
                || loose.stream().anyMatch(hash -> record.mayHaveHash(hash.value()));
    }

    /** Whether another record is known to have been at the end of the run, where this one is. */
    boolean speakAgainst(ChainId run, long sequence, AuditRecord record) {
        Head head = ofRuns.get(run);
        Long known = head == null ? null : head.sequence();
        boolean speaks = head == null ? !loose.isEmpty() : known == null || known == sequence;
        return speaks && !vouchFor(run, record);
    }
}
