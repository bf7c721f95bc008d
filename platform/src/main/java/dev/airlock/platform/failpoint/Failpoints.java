package dev.airlock.platform.failpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Named places where a test makes this process die at once, as {@code kill -9} would, without any hook or finally block; or
 * stand still, as {@code kill -STOP} would, until somebody sends it {@code SIGCONT}.
 *
 * <p>The environment variable {@code AIRLOCK_FAILPOINTS} lists the armed names, separated by commas; {@code :stop} behind a
 * name makes the process stand still there, the first time. Without it a hit costs a look into two empty sets.
 */
public final class Failpoints {
    /** The exit code of a killed process: 128 + SIGKILL. */
    static final int KILLED = 137;

    private static final String STOP = ":stop";

    private static final Set<String> ARMED = parse(System.getenv("AIRLOCK_FAILPOINTS"));
    private static final Set<String> STOPS = ConcurrentHashMap.newKeySet();

    static {
        ARMED.stream()
                .filter(name -> name.endsWith(STOP))
                .forEach(name -> STOPS.add(name.substring(0, name.length() - STOP.length())));
    }

    private Failpoints() {}

    /** Ends or stops the process here if {@code name} is armed. */
    public static void hit(String name) {
        if (ARMED.contains(name)) {
            Runtime.getRuntime().halt(KILLED);
        }
        if (STOPS.remove(name)) {
            stop();
        }
    }

    private static void stop() {
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            int code = new ProcessBuilder("kill", "-STOP", self).start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -STOP " + self + " answered " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
