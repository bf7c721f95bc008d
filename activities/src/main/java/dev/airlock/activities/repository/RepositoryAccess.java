package dev.airlock.activities.repository;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.failure.Failures;
import dev.airlock.workspace.git.WorkspaceException;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;

/** Opens a guarded repository for one activity, and says in Temporal's terms why it could not find out. */
public final class RepositoryAccess {
    private final Workspaces workspaces;

    public RepositoryAccess(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    /** @throws io.temporal.failure.ApplicationFailure for every {@link IOException}; its message names the workspace */
    public <T> T with(String workspace, Work<T> work) {
        try (WorkspaceRepository repository = workspaces.open(workspace)) {
            return work.on(repository);
        } catch (WorkspaceException e) {
            throw Failures.of(type(e.kind()), workspace + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw Failures.of(
                    FailureType.UNAVAILABLE, "cannot use the repository of workspace " + workspace + ": " + e, e);
        }
    }

    /** Whatever a run names was there when it started, so what is missing or malformed by now was lost or altered. */
    private static FailureType type(WorkspaceException.Kind kind) {
        return switch (kind) {
            case CONFLICT, EXISTS -> FailureType.CONFLICT;
            case NOT_FOUND, INVALID, CORRUPT -> FailureType.CORRUPT;
        };
    }

    /** What is done with the repository while it is open. */
    @FunctionalInterface
    public interface Work<T> {
        T on(WorkspaceRepository repository) throws IOException;
    }
}
