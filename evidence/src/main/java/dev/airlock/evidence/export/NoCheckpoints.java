package dev.airlock.evidence.export;

import dev.airlock.evidence.checkpoint.CheckpointStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The history of an installation that has signed nothing. */
final class NoCheckpoints implements CheckpointStore {
    @Override
    public Optional<String> tip() {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> read(String commit, String path) {
        return Optional.empty();
    }

    @Override
    public void history(Visitor visitor) {
        // There is nothing to meet.
    }

    @Override
    public Optional<String> append(@Nullable String parent, Map<String, byte[]> files, Instant time, String message) {
        throw new UnsupportedOperationException("an export is not written to");
    }
}
