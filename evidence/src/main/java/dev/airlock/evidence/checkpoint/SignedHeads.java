package dev.airlock.evidence.checkpoint;

import dev.airlock.evidence.audit.AuditVerifier;
import dev.airlock.evidence.audit.ChainId;
import dev.airlock.evidence.checkpoint.CheckpointHistory.Place;
import dev.airlock.evidence.merkle.VerifyingKey;
import java.io.IOException;
import java.util.List;

/** What the checkpoints know of how single chains end. */
public final class SignedHeads {
    private final CheckpointHistory history;

    private SignedHeads(CheckpointHistory history) {
        this.history = history;
    }

    /** @param keys those that may have signed */
    public static SignedHeads in(CheckpointStore store, List<VerifyingKey> keys) throws IOException {
        CheckpointHistory history = new CheckpointHistory(keys);
        store.history(history);
        return new SignedHeads(history);
    }

    /**
     * Makes the verifier expect the chain's last event that was signed.
     *
     * @return whether one was
     */
    public boolean expect(AuditVerifier verifier, ChainId chain) {
        Place place = history.heads().get(chain);
        if (place == null) {
            return false;
        }
        var head = place.head();
        verifier.expectHead(chain, head.incarnation(), head.sequence(), head.hash());
        return true;
    }
}
