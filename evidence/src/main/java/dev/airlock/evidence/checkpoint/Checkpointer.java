package dev.airlock.evidence.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.audit.AuditSource;
import dev.airlock.evidence.audit.RecordFacts;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.evidence.merkle.MerkleTree;
import dev.airlock.evidence.merkle.SignedNote;
import dev.airlock.evidence.merkle.SigningKey;
import dev.airlock.evidence.merkle.TreeHash;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints: reads what the topic has that the newest one does not cover, and signs the tree that has it too. Costs
 * only the new records. Nothing is remembered between two calls, and of several processes that make one at once the first
 * wins and the others begin anew on it, so that the history never forks.
 *
 * <p>Before it goes on from the newest checkpoint it makes sure that its own key signed that one, and that the record before
 * the new ones is the one that it ended with. If a broker has it at another offset (a topic made anew from a copy), the whole
 * topic is read once. It never signs on top of what does not fit.
 */
public final class Checkpointer {
    /** A record of this type says only that there is a checkpoint; it alone is no reason for another one. */
    static final String SIGNED = "dev.airlock.checkpoint.signed.v1";

    private static final int TRIES = 5;

    private final Supplier<? extends AuditSource> topic;
    private final CheckpointStore store;
    private final SigningKey key;
    private final String installation;
    private final Clock clock;

    /** @param topic opens the audit topic */
    public Checkpointer(
            Supplier<? extends AuditSource> topic,
            CheckpointStore store,
            SigningKey key,
            String installation,
            Clock clock) {
        this.topic = topic;
        this.store = store;
        this.key = key;
        this.installation = installation;
        this.clock = clock;
    }

    /**
     * A checkpoint that was made.
     *
     * @param records that it covers, of all partitions
     * @param added of them since the one before
     */
    public record Made(String commit, long records, long added) {}

    /**
     * Makes one if there is anything new.
     *
     * @throws CheckpointRefusedException if the topic is not what was signed
     * @throws dev.airlock.platform.failure.PlatformException with code UNAVAILABLE if Kafka does not answer
     */
    public Optional<Made> make() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            String parent = store.tip().orElse(null);
            List<Stretch> stretches = new ArrayList<>();
            try (AuditSource source = topic.get()) {
                for (int partition = 0; partition < source.partitions(); partition++) {
                    stretches.add(stretch(source, partition, parent));
                }
            }
            if (stretches.stream().noneMatch(stretch -> stretch.matters)) {
                return Optional.empty();
            }
            Optional<String> commit = append(parent, stretches);
            if (commit.isPresent()) {
                long records = stretches.stream()
                        .mapToLong(stretch -> stretch.tree.size())
                        .sum();
                long added =
                        stretches.stream().mapToLong(stretch -> stretch.added).sum();
                return Optional.of(new Made(commit.get(), records, added));
            }
        }
        throw new IOException("other processes made checkpoints faster, " + TRIES + " times");
    }

    /** A partition's records that the newest checkpoint does not cover, with the tree that has them. */
    private static final class Stretch {
        private final int partition;
        private final MerkleTree tree;
        private final Heads heads = new Heads();
        private @Nullable TreeHash last;
        private long offset;
        private long added;
        private boolean matters;
        private boolean moved;

        Stretch(int partition, MerkleTree tree, long offset, @Nullable TreeHash last) {
            this.partition = partition;
            this.tree = tree;
            this.offset = offset;
            this.last = last;
        }

        void add(long at, byte[] value) {
            last = TreeHash.ofLeaf(value);
            tree.add(last);
            offset = at + 1;
            added++;
            RecordFacts facts = RecordFacts.of(value);
            if (facts != null) {
                heads.add(facts);
            }
            matters |= facts == null || !facts.type().equals(SIGNED);
        }
    }

    private Stretch stretch(AuditSource source, int partition, @Nullable String parent) throws IOException {
        byte[] note = parent == null
                ? null
                : store.read(parent, CheckpointFiles.checkpoint(partition)).orElse(null);
        if (parent == null || note == null) {
            Stretch whole = new Stretch(partition, new MerkleTree(), 0, null);
            source.read(partition, 0, (place, offset, key, value) -> whole.add(offset, value));
            return whole;
        }
        Checkpoint signed = signed(note, partition, parent);
        Edge edge = edge(parent, partition);
        MerkleTree tree = tree(edge, signed, parent);
        if (edge.last() == null) {
            Stretch whole = new Stretch(partition, tree, 0, null);
            source.read(partition, 0, (place, offset, key, value) -> whole.add(offset, value));
            return whole;
        }
        return goOn(source, new Stretch(partition, tree, signed.offset(), edge.last()), signed, edge.last())
                .orElseGet(() -> recount(source, partition, signed));
    }

    private Checkpoint signed(byte[] note, int partition, String parent) {
        try {
            SignedNote parsed = SignedNote.parse(note);
            Checkpoint checkpoint = Checkpoint.parse(parsed.text());
            if (parsed.isSignedBy(key.verifying())
                    && checkpoint.origin().equals(Checkpoint.origin(installation, partition))) {
                return checkpoint;
            }
        } catch (IllegalArgumentException e) {
            throw refused("the newest checkpoint of partition " + partition + " (commit " + parent + ") is none: "
                    + e.getMessage());
        }
        throw refused("the newest checkpoint of partition " + partition + " (commit " + parent
                + ") is not signed with this installation's key "
                + key.verifying().id());
    }

    private Edge edge(String parent, int partition) throws IOException {
        byte[] bytes = store.read(parent, CheckpointFiles.edge(partition)).orElse(new byte[0]);
        try {
            return Edge.parse(bytes);
        } catch (IllegalArgumentException e) {
            throw refused("commit " + parent + " has no edge of partition " + partition + ": " + e.getMessage());
        }
    }

    private static MerkleTree tree(Edge edge, Checkpoint signed, String parent) {
        try {
            return edge.tree(signed);
        } catch (IllegalArgumentException e) {
            throw refused("commit " + parent + ", " + signed.origin() + ": " + e.getMessage());
        }
    }

    /** Nothing if the last record that was signed is not where it was. */
    private static Optional<Stretch> goOn(AuditSource source, Stretch stretch, Checkpoint signed, TreeHash expected) {
        boolean[] found = new boolean[2];
        source.read(stretch.partition, signed.offset() - 1, (place, offset, key, value) -> {
            if (offset < signed.offset()) {
                found[0] = TreeHash.ofLeaf(value).equals(expected);
            } else if (found[0]) {
                stretch.add(offset, value);
            }
        });
        return found[0] ? Optional.of(stretch) : Optional.empty();
    }

    /** The records have other offsets than they had: counts them from the first. */
    private static Stretch recount(AuditSource source, int partition, Checkpoint signed) {
        Stretch whole = new Stretch(partition, new MerkleTree(), 0, null);
        Stretch[] fresh = {new Stretch(partition, whole.tree, 0, null)};
        source.read(partition, 0, (place, offset, key, value) -> {
            if (whole.tree.size() >= signed.size()) {
                fresh[0].add(offset, value);
                return;
            }
            whole.add(offset, value);
            if (whole.tree.size() == signed.size()) {
                fresh[0] = new Stretch(partition, whole.tree, offset + 1, whole.last);
                fresh[0].moved = true;
                refuseOther(whole.tree, signed);
            }
        });
        if (whole.tree.size() < signed.size()) {
            throw refused(signed.origin() + " has " + whole.tree.size() + " records, but " + signed.size()
                    + " were signed at " + signed.time());
        }
        return fresh[0];
    }

    private static void refuseOther(MerkleTree tree, Checkpoint signed) {
        if (!tree.root().equals(signed.root())) {
            throw refused("the first " + signed.size() + " records of " + signed.origin()
                    + " are not those that were signed at " + signed.time());
        }
    }

    private static CheckpointRefusedException refused(String why) {
        return new CheckpointRefusedException(why + "; `airlock audit verify --all` says what was done");
    }

    private Optional<String> append(@Nullable String parent, List<Stretch> stretches) throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Map<String, byte[]> files = new HashMap<>();
        long records = 0;
        for (Stretch stretch : stretches) {
            records += stretch.tree.size();
            if (stretch.added > 0 || stretch.moved || parent == null) {
                addFiles(stretch, now, files);
            }
        }
        files.put(CheckpointFiles.KEY, (key.verifying() + "\n").getBytes(UTF_8));
        return store.append(parent, files, now, "Sign " + records + " audit records\n");
    }

    private void addFiles(Stretch stretch, Instant now, Map<String, byte[]> files) {
        byte[] heads = stretch.heads.bytes();
        Checkpoint checkpoint = new Checkpoint(
                Checkpoint.origin(installation, stretch.partition),
                stretch.tree.size(),
                stretch.tree.root(),
                now,
                stretch.offset,
                CanonicalJson.sha256(heads));
        SignedNote note = SignedNote.sign(checkpoint.text(), key);
        files.put(CheckpointFiles.checkpoint(stretch.partition), note.toString().getBytes(UTF_8));
        files.put(CheckpointFiles.edge(stretch.partition), new Edge(stretch.last, stretch.tree.edge()).bytes());
        files.put(CheckpointFiles.heads(stretch.partition), heads);
    }
}
