package dev.airlock.workspace.git;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.promote.PromoteActivities.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process with little memory that takes a directory with large files the whole way; prints how the check ended. */
final class LargeFiles {
    private LargeFiles() {}

    /** @param arguments directory to work in; holds {@code source} */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path source = directory.resolve("source");
        try (WorkspaceRepository repository =
                new Workspaces(directory.resolve("workspaces")).create("large", source, "main")) {
            CommitId base = repository.tip("main").orElseThrow();
            StepAttempt at = new StepAttempt(Fixtures.RUN, "generate", 1);
            Files.write(source.resolve("large"), new byte[] {1}, StandardOpenOption.APPEND);
            Checkpoint candidate =
                    repository.candidateFromDirectory(base, source, Fixtures.RITA, "larger", Fixtures.NOON);
            repository.pin(at, candidate.commit());
            copy(repository, candidate);
            repository.patchId(base, candidate.commit());
            repository.diff(base, candidate.commit(), 1 << 20);
            for (ChangedFile changed : repository.changes(base, candidate.commit())) {
                try (InputStream in = changed.content().open()) {
                    in.skipNBytes(changed.size());
                }
            }
            Place place = new Place("large", "main", base);
            System.out.println(
                    new Promotion(repository).check(place, at, candidate).fitness());
        }
    }

    /** As an engine does: every file out and in again, of a size that is not known. */
    private static void copy(WorkspaceRepository repository, Checkpoint candidate) throws IOException {
        try (TreeWriter writer = repository.newTree()) {
            repository.read(candidate.commit(), new TreeVisitor() {
                @Override
                public void directory(String path) {}

                @Override
                public void file(String path, boolean executable, long size, ContentSource content) throws IOException {
                    try (InputStream in = content.open()) {
                        writer.file(path, executable, in);
                    }
                }

                @Override
                public void link(String path, byte[] target) throws IOException {
                    writer.link(path, target);
                }
            });
            if (!writer.finish().equals(candidate.tree())) {
                throw new IOException("another tree came back");
            }
        }
    }
}
