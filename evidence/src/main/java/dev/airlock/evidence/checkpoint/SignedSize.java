package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.merkle.SignedNote;
import dev.airlock.evidence.merkle.TreeHash;
import dev.airlock.evidence.merkle.VerifyingKey;
import java.util.List;
import java.util.Optional;

/**
 * What a checkpoint says of one partition.
 *
 * @param records that it covers
 * @param root of the tree whose leaves they are
 */
public record SignedSize(long records, TreeHash root) {
    /** Nothing unless it is a checkpoint of that partition which one of the keys has signed. */
    public static Optional<SignedSize> of(byte[] note, int partition, List<VerifyingKey> keys) {
        try {
            SignedNote parsed = SignedNote.parse(note);
            Checkpoint checkpoint = Checkpoint.parse(parsed.text());
            return keys.stream()
                    .filter(key ->
                            parsed.isSignedBy(key) && checkpoint.origin().equals(key.name() + "/audit/" + partition))
                    .findFirst()
                    .map(key -> new SignedSize(checkpoint.size(), checkpoint.root()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
