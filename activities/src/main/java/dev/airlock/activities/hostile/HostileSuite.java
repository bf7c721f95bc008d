package dev.airlock.activities.hostile;

import dev.airlock.workflows.Payloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All cases there are, as the program that holds them lists them.
 *
 * @param groups in the order in which they are told
 * @param cases in that order too
 */
public record HostileSuite(List<Group> groups, List<HostileCase> cases) {
    public HostileSuite {
        groups = List.copyOf(groups);
        cases = List.copyOf(cases);
    }

    /** Cases of one kind. */
    public record Group(String name, String about) {}

    /**
     * Asks the program; listing does nothing else.
     *
     * @param program {@code hostile/target/hostile}
     */
    public static HostileSuite of(Path program) throws IOException {
        if (!Files.isExecutable(program)) {
            throw new IOException(
                    "the hostile suite has not been built: " + program + " is missing; run ./airlock setup");
        }
        Process process = new ProcessBuilder(program.toString(), "list")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return Payloads.mapper().readValue(process.getInputStream().readAllBytes(), HostileSuite.class);
    }

    public Optional<HostileCase> find(String name) {
        return cases.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The harmless ones that take a moment together. */
    public List<HostileCase> quick() {
        return cases.stream().filter(HostileCase::quick).toList();
    }
}
