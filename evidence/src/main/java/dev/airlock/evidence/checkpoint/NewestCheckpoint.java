package dev.airlock.evidence.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.airlock.evidence.merkle.SignedNote;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The newest checkpoint, as it is kept: nothing is verified.
 *
 * @param commit its name in the history; whoever keeps it elsewhere sees when the history is set back
 * @param records that it covers
 */
public record NewestCheckpoint(String commit, long records, List<Signed> partitions) {
    public NewestCheckpoint {
        partitions = List.copyOf(partitions);
    }

    /**
     * What was signed of a partition.
     *
     * @param root of the Merkle tree, in base64
     * @param note the signed note
     */
    public record Signed(int partition, long records, String root, Instant time, String note) {}

    /** Nothing while there is none. */
    public static Optional<NewestCheckpoint> in(CheckpointStore store) throws IOException {
        String commit = store.tip().orElse(null);
        if (commit == null) {
            return Optional.empty();
        }
        List<Signed> partitions = new ArrayList<>();
        byte[] note = store.read(commit, CheckpointFiles.checkpoint(0)).orElse(null);
        for (int partition = 1; note != null; partition++) {
            partitions.add(signed(partition - 1, note));
            note = store.read(commit, CheckpointFiles.checkpoint(partition)).orElse(null);
        }
        long records = partitions.stream().mapToLong(Signed::records).sum();
        return Optional.of(new NewestCheckpoint(commit, records, partitions));
    }

    private static Signed signed(int partition, byte[] note) throws IOException {
        try {
            Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
            return new Signed(
                    partition,
                    checkpoint.size(),
                    checkpoint.root().toString(),
                    checkpoint.time(),
                    new String(note, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IOException("the newest checkpoint of partition " + partition + " is none: " + e.getMessage(), e);
        }
    }
}
