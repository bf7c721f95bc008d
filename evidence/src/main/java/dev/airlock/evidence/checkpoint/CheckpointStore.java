package dev.airlock.evidence.checkpoint;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A history of small files that only grows: each state is a commit on the one before. Safe for several processes. */
public interface CheckpointStore {
    /** The newest state's id, absent while there is none. */
    Optional<String> tip() throws IOException;

    /** A file of a state, absent if it has none of that path. */
    Optional<byte[]> read(String commit, String path) throws IOException;

    /** Meets every state, the oldest first, with the files that it changed. */
    void history(Visitor visitor) throws IOException;

    /**
     * Makes a state: the parent's files, some of them replaced.
     *
     * @param parent the newest state that the caller knows, absent if there was none
     * @return the new state's id, absent if another one has come after the parent; nothing is changed then
     */
    Optional<String> append(@Nullable String parent, Map<String, byte[]> files, Instant time, String message)
            throws IOException;

    /** Meets states. */
    @FunctionalInterface
    interface Visitor {
        /** @param changed files that the state before did not have so */
        void visit(String commit, Map<String, byte[]> changed);
    }
}
