package dev.airlock.starter.push;

import dev.airlock.workflows.change.ChangeRequest;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what a base says is to be done with a change. */
@FunctionalInterface
public interface Definitions {
    /**
     * @param pipeline name of the pipeline; absent means the default one
     * @throws dev.airlock.starter.failure.AirlockException {@code INVALID_PIPELINE}, {@code NOT_FOUND}
     */
    ChangeRequest.Definition read(WorkspaceRepository repository, CommitId base, @Nullable String pipeline)
            throws IOException;
}
