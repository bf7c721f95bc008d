package dev.airlock.evidence.audit;

import dev.airlock.evidence.audit.AuditProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What one incarnation of a run wrote: for each number the records that claim it, different contents apart. */
final class Segment {
    private final ChainId run;
    private final String incarnation;
    private final NavigableMap<Long, List<Variant>> slots = new TreeMap<>();

    Segment(ChainId run, String incarnation) {
        this.run = run;
        this.incarnation = incarnation;
    }

    /**
     * One content of a number.
     *
     * @param lines where it stands, ascending
     */
    record Variant(AuditRecord record, List<Integer> lines) {
        int line() {
            return record.line();
        }
    }

    void add(long sequence, AuditRecord record) {
        List<Variant> variants = slots.computeIfAbsent(sequence, number -> new ArrayList<>(1));
        for (Variant variant : variants) {
            if (variant.record().copies(record)) {
                variant.lines().add(record.line());
                return;
            }
        }
        List<Integer> lines = new ArrayList<>(1);
        lines.add(record.line());
        variants.add(new Variant(record, lines));
        at(sequence - 1).forEach(before -> record.shareHash(before.record()));
    }

    ChainId run() {
        return run;
    }

    String incarnation() {
        return incarnation;
    }

    NavigableMap<Long, List<Variant>> slots() {
        return slots;
    }

    List<Variant> at(long sequence) {
        return slots.getOrDefault(sequence, List.of());
    }

    boolean has(long sequence) {
        return slots.containsKey(sequence);
    }

    long last() {
        return slots.lastKey();
    }

    AuditProblem problem(Kind kind, long sequence, String detail) {
        return new AuditProblem(
                kind, run, sequence, "event " + sequence + " of incarnation " + incarnation + " " + detail);
    }
}
