package dev.airlock.evidence.audit;

import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.Segment.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Walks one incarnation from its first number to its last and names what does not fit, each tampering once. */
final class SegmentCheck {
    private final Segment segment;
    private final NavigableMap<Integer, AuditRecord> unplaced;
    private final ExpectedHeads heads;
    private final NavigableMap<Long, Variant> chain = new TreeMap<>();
    private final Set<Long> blamed = new HashSet<>();
    private final List<AuditProblem> problems = new ArrayList<>();

    /**
     * @param unplaced records that belong to no number, by line; those that fill a gap are taken out
     */
    SegmentCheck(Segment segment, NavigableMap<Integer, AuditRecord> unplaced, ExpectedHeads heads) {
        this.segment = segment;
        this.unplaced = unplaced;
        this.heads = heads;
    }

    /** To be called once, before anything else. */
    SegmentCheck walk() {
        segment.slots().forEach((sequence, variants) -> chain.put(sequence, genuine(sequence, variants)));
        findGaps();
        chain.forEach((sequence, variant) -> {
            if (!variant.record().sound()) {
                blame(sequence, "is altered: " + variant.record().flaw() + " (line " + variant.line() + ")");
            }
        });
        findBrokenLinks();
        chain.forEach(this::findRepetition);
        findSwaps();
        return this;
    }

    Segment segment() {
        return segment;
    }

    List<AuditProblem> problems() {
        return problems;
    }

    /** The record taken for the true one of each number. */
    NavigableMap<Long, Variant> chain() {
        return chain;
    }

    boolean blames(long sequence) {
        return blamed.contains(sequence);
    }

    /** Says once of an event that it is altered. */
    void blame(long sequence, String detail) {
        if (blamed.add(sequence)) {
            problems.add(segment.problem(Kind.ALTERED, sequence, detail));
        }
    }

    /** Who vouches for a record: a known head, the event before it, the one after it, its own hash, its place. */
    private Variant genuine(long sequence, List<Variant> variants) {
        Variant best = variants.getFirst();
        for (Variant variant : variants) {
            if (weight(sequence, variant) > weight(sequence, best)) {
                best = variant;
            }
        }
        return best;
    }

    private int weight(long sequence, Variant variant) {
        Variant before = chain.get(sequence - 1);
        boolean led =
                segment.at(sequence + 1).stream().anyMatch(next -> next.record().follows(variant.record()));
        boolean follows = before != null && variant.record().follows(before.record());
        boolean inOrder = before == null || variant.line() > before.line();
        return (heads.vouchFor(segment.run(), variant.record()) ? 16 : 0)
                + (follows ? 8 : 0)
                + (led ? 4 : 0)
                + (variant.record().sound() ? 2 : 0)
                + (inOrder ? 1 : 0);
    }

    private void findGaps() {
        long expected = 1;
        int line = 0;
        for (long sequence : chain.navigableKeySet()) {
            int here = line(sequence);
            if (sequence > expected) {
                fillGap(expected, sequence - 1, line, here);
            }
            expected = sequence + 1;
            line = here;
        }
    }

    /** A record that nobody can read any more, between the lines of the gap's neighbours, is what the gap lacks. */
    private void fillGap(long from, long to, int after, int before) {
        long sequence = from;
        while (sequence <= to && after < before) {
            var line = unplaced.higherEntry(after);
            if (line == null || line.getKey() >= before) {
                break;
            }
            unplaced.remove(line.getKey());
            blame(sequence++, "is altered: " + line.getValue().flaw() + " (line " + line.getKey() + ")");
        }
        if (sequence <= to) {
            String many = sequence == to ? "is missing" : "and all up to " + to + " are missing";
            problems.add(segment.problem(Kind.MISSING, sequence, many));
        }
    }

    private void findBrokenLinks() {
        for (long sequence : chain.navigableKeySet()) {
            if (!broken(sequence) || blamed.contains(sequence) || blamed.contains(sequence - 1)) {
                continue;
            }
            if (broken(sequence + 1) || endsOtherwise(sequence)) {
                blame(
                        sequence,
                        "is altered and hashed anew: its neighbours do not fit it (line " + line(sequence) + ")");
            } else {
                blame(
                        sequence - 1,
                        "is altered and hashed anew: the event after it names another hash (line " + line(sequence - 1)
                                + ")");
            }
        }
    }

    /** Whether this event, though sound, follows none of the sound ones before it. */
    private boolean broken(long sequence) {
        AuditRecord record = record(sequence);
        AuditRecord before = record(sequence - 1);
        return record != null
                && before != null
                && record.sound()
                && before.sound()
                && segment.at(sequence - 1).stream().noneMatch(variant -> record.follows(variant.record()));
    }

    private boolean endsOtherwise(long sequence) {
        AuditRecord record = record(sequence);
        return sequence == segment.last() && record != null && heads.speakAgainst(segment.run(), sequence, record);
    }

    private @Nullable AuditRecord record(long sequence) {
        Variant variant = chain.get(sequence);
        return variant == null ? null : variant.record();
    }

    private int line(long sequence) {
        AuditRecord record = record(sequence);
        return record == null ? 0 : record.line();
    }

    private void findRepetition(long sequence, Variant genuine) {
        for (Variant variant : segment.at(sequence)) {
            if (variant.equals(genuine) || continuesBranch(sequence, variant)) {
                continue;
            }
            boolean branches = segment.at(sequence + 1).stream()
                    .anyMatch(next -> next.record().follows(variant.record())
                            && !next.record().follows(genuine.record()));
            String lines = " (lines " + genuine.line() + " and " + variant.line() + ")";
            if (branches) {
                problems.add(segment.problem(Kind.FORKED, sequence, "begins a second chain" + lines));
            } else {
                problems.add(
                        segment.problem(Kind.REPEATED, sequence, "stands there twice with different content" + lines));
            }
        }
    }

    private boolean continuesBranch(long sequence, Variant variant) {
        Variant before = chain.get(sequence - 1);
        return before != null
                && !variant.record().follows(before.record())
                && segment.at(sequence - 1).stream()
                        .anyMatch(other ->
                                !other.equals(before) && variant.record().follows(other.record()));
    }

    /** Copies that a retry wrote may stand anywhere, as long as one copy of each event stands in order. */
    private void findSwaps() {
        int line = 0;
        for (Variant variant : chain.values()) {
            int after = line;
            line = variant.lines().stream()
                    .filter(copy -> copy > after)
                    .findFirst()
                    .orElse(-1);
            if (line == -1) {
                nameSwaps(new ArrayList<>(chain.keySet()));
                return;
            }
        }
    }

    /** Each smallest range of numbers that changed places among themselves is one problem, named by its first. */
    private void nameSwaps(List<Long> inOrder) {
        List<Long> asFound = new ArrayList<>(inOrder);
        asFound.sort(Comparator.comparingInt(this::line));
        int start = 0;
        long highest = 0;
        for (int i = 0; i < asFound.size(); i++) {
            highest = Math.max(highest, asFound.get(i));
            if (highest != inOrder.get(i)) {
                continue;
            }
            if (i > start) {
                long first = inOrder.get(start);
                problems.add(segment.problem(
                        Kind.SWAPPED,
                        first,
                        "stands on line " + line(first) + ", where it belongs stands event " + asFound.get(start)
                                + " (line " + line(asFound.get(start)) + ")"));
            }
            start = i + 1;
        }
    }
}
