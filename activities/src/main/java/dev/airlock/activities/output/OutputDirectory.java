package dev.airlock.activities.output;

import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the output of commands lies: {@code RUN/STEP/ATTEMPT}, and in {@code unpublished} one small file for each attempt whose
 * output was not yet passed on to the end.
 *
 * @param root {@code DIR/output}
 */
public record OutputDirectory(Path root) {
    private static final String UNPUBLISHED = "unpublished";

    /** The file of an attempt's output. */
    public Path file(StepAttempt at) {
        return root.resolve(at.run().value()).resolve(at.step()).resolve(Integer.toString(at.attempt()));
    }

    Path progress(StepAttempt at) {
        return root.resolve(UNPUBLISHED).resolve(at.run() + "." + at.step() + "." + at.attempt());
    }

    /** The attempts whose output was not passed on to the end, in no order. */
    List<StepAttempt> unpublished() throws IOException {
        Path directory = root.resolve(UNPUBLISHED);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(OutputDirectory::named).flatMap(Optional::stream).toList();
        }
    }

    /** A step's id has no dot. */
    private static Optional<StepAttempt> named(Path progress) {
        String[] parts = String.valueOf(progress.getFileName()).split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new StepAttempt(new RunId(parts[0]), parts[1], Integer.parseInt(parts[2])));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
