package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.evidence.checkpoint.Heads.Head;
import dev.airlock.evidence.merkle.SignedNote;
import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.evidence.merkle.VerifyingKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was signed, from the first checkpoint to the newest, and what is wrong with the checkpoints themselves. Only what a
 * known key signed counts. Holds some 300 bytes a chain and 100 a checkpoint.
 */
final class CheckpointHistory implements CheckpointStore.Visitor {
    private final List<VerifyingKey> keys;
    private final Map<Integer, List<Point>> points = new TreeMap<>();
    private final Map<ChainId, Place> heads = new HashMap<>();
    private final Set<String> commits = new HashSet<>();
    private final Map<Integer, AuditProblem> forged = new LinkedHashMap<>();
    private final Map<String, AuditProblem> rolledBack = new LinkedHashMap<>();
    private final List<AuditProblem> problems = new ArrayList<>();
    private @Nullable String newest;

    /** The size and root that a partition's log had. */
    record Point(String commit, Instant time, long size, TreeHash root) {}

    /** A chain's head, and the partition in whose log it is. */
    record Place(int partition, Head head) {}

    CheckpointHistory(List<VerifyingKey> keys) {
        this.keys = List.copyOf(keys);
    }

    @Override
    public void visit(String commit, Map<String, byte[]> changed) {
        commits.add(commit);
        new TreeMap<>(changed)
                .forEach((path, note) -> CheckpointFiles.partition(path)
                        .ifPresent(partition ->
                                take(commit, partition, note, changed.get(CheckpointFiles.heads(partition)))));
    }

    private void take(String commit, int partition, byte[] note, byte @Nullable [] headLines) {
        Checkpoint checkpoint = signed(commit, partition, note);
        if (checkpoint == null) {
            return;
        }
        newest = commit;
        List<Point> before = points.computeIfAbsent(partition, unused -> new ArrayList<>());
        Point point = new Point(commit, checkpoint.time(), checkpoint.size(), checkpoint.root());
        Point last = before.isEmpty() ? null : before.getLast();
        if (last != null && point.size() < last.size()) {
            rolledBack.putIfAbsent(
                    commit,
                    new AuditProblem(
                            Kind.TRUNCATED,
                            null,
                            null,
                            "the checkpoints were rolled back: " + commit + " covers " + point.size()
                                    + " records of partition " + partition + ", and " + last.commit() + " before it "
                                    + last.size()));
            return;
        }
        before.add(point);
        takeHeads(commit, partition, checkpoint, headLines);
    }

    /** A note of an unknown key is named once a partition: what it says means nothing. */
    private @Nullable Checkpoint signed(String commit, int partition, byte[] note) {
        String why;
        try {
            SignedNote parsed = SignedNote.parse(note);
            Checkpoint checkpoint = Checkpoint.parse(parsed.text());
            boolean known = keys.stream()
                    .anyMatch(key ->
                            parsed.isSignedBy(key) && checkpoint.origin().equals(key.name() + "/audit/" + partition));
            if (known) {
                return checkpoint;
            }
            why = "is not signed with a key of this installation";
        } catch (IllegalArgumentException e) {
            why = "is none: " + e.getMessage();
        }
        forged.putIfAbsent(
                partition,
                new AuditProblem(
                        Kind.ALTERED, null, null, "checkpoint " + commit + " of partition " + partition + " " + why));
        return null;
    }

    private void takeHeads(String commit, int partition, Checkpoint signed, byte @Nullable [] lines) {
        byte[] bytes = lines == null ? new byte[0] : lines;
        try {
            if (CanonicalJson.sha256(bytes).equals(signed.heads())) {
                Heads.parse(bytes, (chain, head) -> takeHead(partition, chain, head));
                return;
            }
        } catch (IllegalArgumentException e) {
            // Signed and not to be read: as good as altered.
        }
        problems.add(new AuditProblem(
                Kind.ALTERED,
                null,
                null,
                "the heads beside checkpoint " + commit + " of partition " + partition + " are not those signed"));
    }

    private void takeHead(int partition, ChainId chain, Head head) {
        Place place = heads.get(chain);
        heads.put(
                chain, new Place(partition, place == null ? head : place.head().or(head)));
    }

    /** Of each partition what was signed, the oldest first. */
    List<Point> points(int partition) {
        return points.getOrDefault(partition, List.of());
    }

    Set<Integer> partitions() {
        return points.keySet();
    }

    Map<ChainId, Place> heads() {
        return heads;
    }

    boolean knows(String commit) {
        return commits.contains(commit);
    }

    /** The newest state that a known key signed. */
    @Nullable
    String newest() {
        return newest;
    }

    /** What is wrong with the checkpoints themselves. */
    List<AuditProblem> problems() {
        List<AuditProblem> all = new ArrayList<>(forged.values());
        all.addAll(rolledBack.values());
        all.addAll(problems);
        return all;
    }
}
