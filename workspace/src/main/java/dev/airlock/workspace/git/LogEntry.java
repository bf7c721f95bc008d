package dev.airlock.workspace.git;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.TreeId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit of a guarded branch.
 *
 * @param run the run that promoted it, by its marker ref; absent when no run did
 * @param author a principal when Airlock wrote the commit, else {@code Name <address>}
 * @param time when it was committed
 */
public record LogEntry(
        CommitId commit,
        TreeId tree,
        List<CommitId> parents,
        @Nullable RunId run,
        String author,
        Instant time,
        String message) {
    public LogEntry {
        parents = List.copyOf(parents);
    }
}
