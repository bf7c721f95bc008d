package dev.airlock.activities.hostile;

import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an engine is known to let through, with the reason: the whole list there is. Whoever cannot accept one of them takes
 * another engine, or has policy ask for a stronger tier.
 */
public final class HostileExceptions {
    /** One that is let through. */
    public record Known(String tier, String name, String reason) {}

    private static final String CGROUP = "bubblewrap-cgroup";
    private static final String RLIMITS = "bubblewrap-rlimits";
    private static final String NO_QUOTA =
            "without a cgroup processor time has no quota; it runs below whatever else runs";
    private static final String LOOKED_AT =
            "without a cgroup memory is looked at twenty times a second: what is touched between two looks is not held";
    private static final String ONE_USER =
            "a worker that is not root cannot give each sandbox a user of its own; as root, none of these gets through";
    private static final List<String> MEMORY = List.of(
            "mem-hog",
            "mem-children",
            "mem-tmpfs",
            "mem-memfd",
            "mem-shared",
            "mem-segments",
            "mem-tables",
            "oom-steer");
    private static final List<String> POOLS =
            List.of("inotify-drain", "sigqueue-flood", "timer-flood", "pipe-drain", "flight-drain");

    private static final List<Known> ALL = Stream.of(
                    Stream.of(new Known(RLIMITS, "cpu-spin", NO_QUOTA)),
                    MEMORY.stream().map(name -> new Known(RLIMITS, name, LOOKED_AT)),
                    Stream.of(RLIMITS, CGROUP)
                            .flatMap(tier -> POOLS.stream().map(name -> new Known(tier, name, ONE_USER))))
            .flatMap(known -> known)
            .toList();

    private HostileExceptions() {}

    /** All of them. */
    public static List<Known> all() {
        return ALL;
    }

    /** The reason why that engine lets the case through; empty when it must not. */
    static Optional<String> reason(EngineIdentity engine, String name) {
        return ALL.stream()
                .filter(known ->
                        known.tier().equals(engine.tier()) && known.name().equals(name))
                .map(Known::reason)
                .findFirst();
    }
}
