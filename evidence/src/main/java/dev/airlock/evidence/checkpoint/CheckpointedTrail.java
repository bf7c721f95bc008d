package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.audit.AuditProblem;
import dev.airlock.evidence.audit.AuditProblem.Kind;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.audit.RecordFacts;
import dev.airlock.evidence.audit.TopicRecords;
import dev.airlock.evidence.audit.TopicVerifier;
import dev.airlock.evidence.checkpoint.CheckpointHistory.Place;
import dev.airlock.evidence.checkpoint.CheckpointHistory.Point;
import dev.airlock.evidence.merkle.VerifyingKey;
import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a whole audit topic: each chain in itself, and all of it against the checkpoints that were signed. So it sees a run
 * that is absent as a whole, an end that was cut off, and a past that was written anew, all up to the newest checkpoint; of
 * what came after that one it knows what the chains tell.
 *
 * <p>Reads the topic once when nothing is wrong. Its memory grows with the number of chains, not of events.
 */
public final class CheckpointedTrail {
    /** Of events that tell of checkpoints which nobody has, so many are remembered: one is enough to say so. */
    private static final int MOST_ANNOUNCED = 1_000;

    private final TopicRecords records;
    private final CheckpointStore store;
    private final List<VerifyingKey> keys;

    /** Checkpoints that somebody kept the name of. */
    private final List<String> expected = new ArrayList<>();

    /** Checkpoints that events on the topic tell of, and which such event. */
    private final Map<String, RecordFacts> announced = new LinkedHashMap<>();

    private boolean live = true;

    /** @param keys those that may have signed */
    public CheckpointedTrail(TopicRecords records, CheckpointStore store, List<VerifyingKey> keys) {
        this.records = records;
        this.store = store;
        this.keys = List.copyOf(keys);
    }

    /**
     * The records are a copy without the keys that they had, so nothing is said about those. Nor is it about checkpoints that
     * events tell of: the newest may have been made while the copy was.
     */
    public CheckpointedTrail exported() {
        live = false;
        return this;
    }

    /** The history of checkpoints must hold this one. */
    public CheckpointedTrail expect(String commit) {
        expected.add(commit);
        return this;
    }

    /** To be called once. */
    public AuditReport verify() throws IOException {
        // The checkpoints first: what is written while the topic is being read must not look cut off.
        CheckpointHistory history = history();
        TopicVerifier chains = new TopicVerifier(records, live);
        history.heads().forEach((chain, place) -> {
            var head = place.head();
            chains.expectHead(chain, head.incarnation(), head.sequence(), head.hash());
        });
        Map<Integer, PartitionCheck> partitions = new TreeMap<>();
        history.partitions().forEach(partition -> partitions.put(partition, check(partition, history, chains)));
        chains.read((partition, offset, value, facts) -> {
            partitions
                    .computeIfAbsent(partition, unused -> check(partition, history, chains))
                    .add(offset, value, facts);
            if (live
                    && facts != null
                    && facts.type().equals(Checkpointer.SIGNED)
                    && announced.size() < MOST_ANNOUNCED) {
                announced(value, history, facts);
            }
        });
        return report(history, chains, partitions);
    }

    private CheckpointHistory history() throws IOException {
        CheckpointHistory history = new CheckpointHistory(keys);
        store.history(history);
        return history;
    }

    private static PartitionCheck check(int partition, CheckpointHistory history, TopicVerifier chains) {
        return new PartitionCheck(partition, history.points(partition), chains::isExpected);
    }

    private void announced(byte[] value, CheckpointHistory history, RecordFacts facts) {
        try {
            String commit = Payloads.mapper()
                    .readTree(value)
                    .path("data")
                    .path("commit")
                    .asText();
            if (!history.knows(commit)) {
                announced.putIfAbsent(commit, facts);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a sound record is no JSON", e);
        }
    }

    private AuditReport report(CheckpointHistory history, TopicVerifier chains, Map<Integer, PartitionCheck> partitions)
            throws IOException {
        AuditReport ofChains = chains.report();
        List<AuditProblem> problems = new ArrayList<>(ofChains.problems());
        chains.absent().forEach(chain -> problems.add(absent(chain, history, partitions)));
        Set<Integer> explained = new HashSet<>();
        for (AuditProblem problem : problems) {
            ChainId chain = problem.run();
            explained.add(chain == null ? -1 : partition(chain, history, chains));
        }
        partitions.forEach((partition, check) -> {
            if (!explained.contains(partition) && !explained.contains(-1)) {
                check.problem().ifPresent(problems::add);
            }
        });
        problems.addAll(history.problems());
        problems.addAll(rolledBack());
        expected.stream()
                .filter(commit -> !history.knows(commit))
                .forEach(commit -> problems.add(new AuditProblem(
                        Kind.TRUNCATED, null, null, "checkpoint " + commit + " is not in the history of checkpoints")));
        return new AuditReport(
                problems.isEmpty(), ofChains.runs(), ofChains.events(), null, problems, anchor(history, partitions));
    }

    private static int partition(ChainId chain, CheckpointHistory history, TopicVerifier chains) {
        Place place = history.heads().get(chain);
        return place == null ? chains.partition(chain) : place.partition();
    }

    private static AuditProblem absent(
            ChainId chain, CheckpointHistory history, Map<Integer, PartitionCheck> partitions) {
        Place place = history.heads().get(chain);
        PartitionCheck check = place == null ? null : partitions.get(place.partition());
        boolean cut = check != null && check.isCut();
        String head = place == null ? "" : ", whose event " + place.head().sequence() + " was signed";
        return new AuditProblem(cut ? Kind.TRUNCATED : Kind.MISSING, chain, 1L, "there is no event of " + chain + head);
    }

    /** Another look: a checkpoint may have been made while the topic was being read. */
    private List<AuditProblem> rolledBack() throws IOException {
        if (announced.isEmpty()) {
            return List.of();
        }
        CheckpointHistory now = history();
        return announced.entrySet().stream()
                .filter(told -> !now.knows(told.getKey()))
                .findFirst()
                .map(told -> new AuditProblem(
                        Kind.TRUNCATED,
                        told.getValue().chain(),
                        told.getValue().sequence(),
                        "the checkpoints were rolled back: this event tells of checkpoint " + told.getKey()
                                + ", which is not in their history"))
                .stream()
                .toList();
    }

    private static AuditReport.@Nullable Anchor anchor(
            CheckpointHistory history, Map<Integer, PartitionCheck> partitions) {
        String commit = history.newest();
        Point newest = history.partitions().stream()
                .map(partition -> history.points(partition).getLast())
                .filter(point -> point.commit().equals(commit))
                .findFirst()
                .orElse(null);
        if (commit == null || newest == null) {
            return null;
        }
        long covered =
                partitions.values().stream().mapToLong(PartitionCheck::covered).sum();
        long there =
                partitions.values().stream().mapToLong(PartitionCheck::size).sum();
        return new AuditReport.Anchor(commit, newest.time(), covered, Math.max(0, there - covered));
    }
}
