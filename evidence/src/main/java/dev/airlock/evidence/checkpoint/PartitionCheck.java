package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.audit.RecordFacts;
import dev.airlock.evidence.checkpoint.CheckpointHistory.Point;
import dev.airlock.evidence.merkle.MerkleTree;
import dev.airlock.evidence.merkle.TreeHash;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares the records of one partition with every tree of it that was signed. */
final class PartitionCheck {
    private final int partition;
    private final List<Point> points;
    private final Predicate<ChainId> signed;
    private final MerkleTree tree = new MerkleTree();
    /** The first record in the part that was signed whose chain no signed head tells of. */
    private @Nullable RecordFacts unknown;

    private int next;
    private long nextOffset;
    private @Nullable String gap;
    private @Nullable Point broken;
    private @Nullable RecordFacts rewritten;

    /** @param signed whether a chain's head was ever signed */
    PartitionCheck(int partition, List<Point> points, Predicate<ChainId> signed) {
        this.partition = partition;
        this.points = points;
        this.signed = signed;
        compare();
    }

    void add(long offset, byte[] value, @Nullable RecordFacts facts) {
        if (offset > nextOffset && tree.size() >= covered() && gap == null) {
            gap = nextOffset + (offset == nextOffset + 1 ? " is" : " up to " + (offset - 1) + " are");
        }
        nextOffset = offset + 1;
        if (facts != null && tree.size() < covered()) {
            if (unknown == null && !signed.test(facts.chain())) {
                unknown = facts;
            }
            if (!facts.canonical() && rewritten == null && broken == null) {
                rewritten = facts;
            }
        }
        tree.add(TreeHash.ofLeaf(value));
        compare();
    }

    private void compare() {
        while (next < points.size() && points.get(next).size() == tree.size()) {
            if (broken == null && !points.get(next).root().equals(tree.root())) {
                broken = points.get(next);
            }
            next++;
        }
    }

    long size() {
        return tree.size();
    }

    /** Number of records that were signed. */
    long covered() {
        return points.isEmpty() ? 0 : points.getLast().size();
    }

    /** Whether what is there is what was signed, as far as it goes, and then ends early. */
    boolean isCut() {
        return broken == null && tree.size() < covered();
    }

    /** What is wrong, given that every chain is in order in itself. */
    Optional<AuditProblem> problem() {
        if (tree.size() < covered()) {
            Point last = points.getLast();
            return Optional.of(problem(
                    Kind.TRUNCATED,
                    null,
                    null,
                    "partition " + partition + " has " + tree.size() + " records, " + covered() + " were signed at "
                            + last.time() + " (checkpoint " + last.commit() + ")"));
        }
        return broken == null ? absentOffsets() : Optional.of(other(broken));
    }

    /**
     * Kafka numbers what it takes without a gap, and nothing that Airlock does makes one. What was signed may stand at other
     * offsets, since the tree tells that it is whole.
     */
    private Optional<AuditProblem> absentOffsets() {
        return gap == null
                ? Optional.empty()
                : Optional.of(problem(
                        Kind.MISSING,
                        null,
                        null,
                        "of partition " + partition + ", what stood at offset " + gap
                                + " gone, and no checkpoint covers it"));
    }

    private AuditProblem other(Point point) {
        String where = "the records of partition " + partition + " up to " + point.size() + " are not those signed at "
                + point.time() + " (checkpoint " + point.commit() + "): ";
        if (unknown != null) {
            return problem(Kind.ALTERED, unknown.chain(), unknown.sequence(), where + "this chain was not among them");
        }
        if (rewritten != null) {
            return problem(
                    Kind.ALTERED,
                    rewritten.chain(),
                    rewritten.sequence(),
                    where + "this event is there in other bytes than Airlock's");
        }
        return problem(
                Kind.SWAPPED,
                null,
                null,
                where + "every event is there, but in another order, or copies were put in or taken out");
    }

    private static AuditProblem problem(Kind kind, @Nullable ChainId run, @Nullable Long sequence, String detail) {
        return new AuditProblem(kind, run, sequence, detail);
    }
}
