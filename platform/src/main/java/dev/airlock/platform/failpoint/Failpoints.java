package dev.airlock.platform.failpoint;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Named places where a test makes this process die at once, as {@code kill -9} would, without any hook or finally block.
 *
 * <p>The environment variable {@code AIRLOCK_FAILPOINTS} lists the armed names, separated by commas. Without it a hit
 * costs one lookup in an empty set.
 */
public final class Failpoints {
    /** The exit code of a killed process: 128 + SIGKILL. */
    static final int KILLED = 137;

    private static final Set<String> ARMED = parse(System.getenv("AIRLOCK_FAILPOINTS"));

    private Failpoints() {}

    /** Ends the process here if {@code name} is armed. */
    public static void hit(String name) {
        if (ARMED.contains(name)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    static Set<String> parse(@Nullable String list) {
        if (list == null) {
            return Set.of();
        }
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
