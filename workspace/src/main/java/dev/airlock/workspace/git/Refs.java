package dev.airlock.workspace.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;

/** Reads refs, and writes them in transactions of all or nothing under the repository's one lock. */
final class Refs {
    private static final int TRIES = 5;

    private final Repository repository;
    private final RefLock lock;

    Refs(Repository repository) throws IOException {
        this.repository = repository;
        this.lock = new RefLock(repository.getDirectory().toPath());
    }

    Optional<ObjectId> read(String name) throws IOException {
        Ref ref = repository.exactRef(name);
        return ref == null ? Optional.empty() : Optional.ofNullable(ref.getObjectId());
    }

    /**
     * Reads, decides and writes as one. A transaction that git refuses decides nothing: {@code decide} is asked again, reads
     * again, and only its answer counts.
     */
    <T> T transact(Decide<T> decide) throws IOException {
        return lock.hold(() -> {
            String refusal = "";
            for (int i = 0; i < TRIES; i++) {
                Step<T> step = decide.next();
                if (step.commands().isEmpty()) {
                    return step.answer();
                }
                refusal = execute(step.commands());
                if (refusal.isEmpty()) {
                    return step.answer();
                }
            }
            throw new IOException(
                    "git refused to update refs of " + repository.getDirectory() + " " + TRIES + " times: " + refusal);
        });
    }

    /** Makes a ref. The same ref again is no news; one that holds another commit is a conflict. */
    void create(String name, ObjectId commit) throws IOException {
        transact(() -> {
            Optional<ObjectId> held = read(name);
            if (held.isEmpty()) {
                return new Step<>(true, List.of(new ReceiveCommand(ObjectId.zeroId(), commit, name)));
            }
            if (!held.get().equals(commit)) {
                throw new WorkspaceException(
                        WorkspaceException.Kind.CONFLICT,
                        name + " holds " + held.get().name() + ", not " + commit.name() + "; it is never moved");
            }
            return new Step<>(true, List.of());
        });
    }

    /** @return why git refused, empty when it is done */
    private String execute(List<ReceiveCommand> commands) throws IOException {
        removeStaleLocks(commands);
        BatchRefUpdate batch = repository
                .getRefDatabase()
                .newBatchUpdate()
                .setAtomic(true)
                .disableRefLog()
                .addCommand(commands);
        try (RevWalk walk = new RevWalk(repository)) {
            batch.execute(walk, NullProgressMonitor.INSTANCE);
        }
        return commands.stream()
                .filter(command -> command.getResult() != ReceiveCommand.Result.OK)
                .map(command -> command.getRefName() + " " + command.getResult()
                        + (command.getMessage() == null ? "" : " (" + command.getMessage() + ")"))
                .collect(Collectors.joining(", "));
    }

    /** Nobody else is in a transaction while we hold the lock, so a lock file here was left by a process that died. */
    private void removeStaleLocks(List<ReceiveCommand> commands) throws IOException {
        Path directory = repository.getDirectory().toPath();
        Files.deleteIfExists(directory.resolve("packed-refs.lock"));
        for (ReceiveCommand command : commands) {
            Files.deleteIfExists(directory.resolve(command.getRefName() + ".lock"));
        }
    }

    /** Looks at the refs and says what to do. */
    @FunctionalInterface
    interface Decide<T> {
        Step<T> next() throws IOException;
    }

    /** @param answer what to return once the commands are done, or at once when there are none */
    record Step<T>(T answer, List<ReceiveCommand> commands) {}
}
