package dev.airlock.evidence.audit;

import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditRecord.Continued;
import dev.airlock.evidence.audit.Segment.Variant;
import dev.airlock.workflows.id.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks the incarnations of one run, how each begins, and how the last one ends. */
final class RunCheck {
    private final ChainId run;
    private final List<SegmentCheck> segments = new ArrayList<>();
    private final List<AuditProblem> problems = new ArrayList<>();
    private @Nullable SegmentCheck root;

    RunCheck(
            ChainId run,
            Collection<Segment> segments,
            NavigableMap<Integer, AuditRecord> unplaced,
            ExpectedHeads heads) {
        this.run = run;
        segments.stream()
                .sorted(Comparator.comparingInt(segment ->
                        segment.slots().firstEntry().getValue().getFirst().line()))
                .map(segment -> new SegmentCheck(segment, unplaced, heads).walk())
                .forEach(this.segments::add);
        root = this.segments.stream()
                .filter(segment -> beginning(segment)
                        .filter(first -> !first.resets() && first.follows(run.origin()))
                        .isPresent())
                .findFirst()
                .orElse(null);
        this.segments.forEach(this::checkBeginning);
    }

    List<AuditProblem> problems() {
        List<AuditProblem> all = new ArrayList<>();
        segments.forEach(segment -> all.addAll(segment.problems()));
        all.addAll(problems);
        return all;
    }

    long events() {
        return segments.stream().mapToLong(segment -> segment.chain().size()).sum();
    }

    /** Hash that the last event bears. */
    Optional<Digest> head() {
        return segments.getLast().chain().lastEntry().getValue().record().hash();
    }

    boolean holds(Predicate<AuditRecord> record) {
        return segments.stream()
                .flatMap(segment -> segment.segment().slots().values().stream())
                .anyMatch(variants -> variants.stream().map(Variant::record).anyMatch(record));
    }

    /** The last event that stands before this line, if it is the last of the run as well. */
    boolean endsBefore(int line) {
        return segments.getLast().chain().lastEntry().getValue().line() < line
                && segments.stream()
                        .flatMap(segment -> segment.chain().values().stream())
                        .allMatch(variant -> variant.line() < line);
    }

    /** Line of the last record at or before {@code line}, 0 if there is none. */
    int lineBefore(int line) {
        return segments.stream()
                .flatMap(segment -> segment.chain().values().stream())
                .flatMap(variant -> variant.lines().stream())
                .filter(found -> found < line)
                .max(Integer::compare)
                .orElse(0);
    }

    /** Number of the first event that is not there. */
    long nextSequence() {
        return segments.getLast().segment().last() + 1;
    }

    /** Says what it means that the head is not in the trail. */
    void headIsAbsent(@Nullable String incarnation, @Nullable Long sequence, Digest hash) {
        SegmentCheck segment = segments.stream()
                .filter(candidate -> candidate.segment().incarnation().equals(incarnation))
                .findFirst()
                .orElse(segments.getLast());
        long last = segment.segment().last();
        if (sequence == null || sequence > last) {
            // An unsound last record explains by itself why nothing bears the expected hash.
            if (sequence == null && segment.blames(last)) {
                return;
            }
            problems.add(segment.segment()
                    .problem(Kind.TRUNCATED, last + 1, "and what follows is cut off: the head " + hash + " is absent"));
            return;
        }
        if (segment.segment().has(sequence)) {
            segment.blame(sequence, "is altered: its hash is not that of the head, " + hash);
        }
    }

    private static Optional<AuditRecord> beginning(SegmentCheck segment) {
        return Optional.ofNullable(segment.chain().get(1L))
                .filter(first -> !segment.blames(1))
                .map(Variant::record);
    }

    private void checkBeginning(SegmentCheck segment) {
        AuditRecord first = beginning(segment).orElse(null);
        if (first == null || segment == root) {
            return;
        }
        if (first.resets()) {
            checkReset(segment, first);
            return;
        }
        if (root == null) {
            segment.blame(1, "is altered: it does not follow the run's origin (line " + first.line() + ")");
            return;
        }
        fork(segment, "begins a second chain without a reset");
    }

    private void checkReset(SegmentCheck segment, AuditRecord first) {
        Continued continued = first.continued().filter(first::follows).orElse(null);
        if (continued == null) {
            fork(segment, "is a reset that does not name the event it follows");
            return;
        }
        if (continued.sequence() == 0) {
            if (!first.follows(run.origin())) {
                fork(segment, "is a reset to a beginning that is not this run's");
            }
            return;
        }
        SegmentCheck old = segments.stream()
                .filter(candidate -> candidate != segment
                        && candidate.segment().incarnation().equals(continued.incarnation()))
                .findFirst()
                .orElse(null);
        if (old == null) {
            fork(segment, "continues from incarnation " + continued.incarnation() + ", of which there is no event");
            return;
        }
        checkContinued(segment, old, continued);
    }

    private void checkContinued(SegmentCheck segment, SegmentCheck old, Continued continued) {
        long sequence = continued.sequence();
        if (sequence > old.segment().last()) {
            problems.add(old.segment()
                    .problem(
                            Kind.MISSING,
                            old.segment().last() + 1,
                            "is missing: a later reset continues from event " + sequence));
            return;
        }
        boolean known = old.segment().at(sequence).stream()
                .anyMatch(variant -> variant.record().mayHaveHash(continued.hash()));
        if (!known && old.segment().has(sequence) && !old.blames(sequence)) {
            fork(
                    segment,
                    "continues from an event " + sequence + " that is not the one of incarnation "
                            + continued.incarnation());
        }
    }

    private void fork(SegmentCheck segment, String detail) {
        problems.add(segment.segment().problem(Kind.FORKED, 1, detail));
    }
}
