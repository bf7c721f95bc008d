package dev.airlock.dev.temporal;

import dev.airlock.platform.failure.PlatformException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the {@code temporal} command: on the path, else in our cache. */
public final class TemporalCommand {
    private TemporalCommand() {}

    /** @throws PlatformException with code UNAVAILABLE if this machine has none */
    public static Path find() {
        return look().orElseThrow(TemporalCommand::missing);
    }

    /** Empty if this machine has none. */
    public static Optional<Path> look() {
        return look(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static Optional<Path> look(Map<String, String> environment, Path home) {
        return candidates(environment, home).stream()
                .filter(candidate -> Files.isExecutable(candidate) && Files.isRegularFile(candidate))
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    /** That it is missing, and what to do about it. */
    public static PlatformException missing() {
        return PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "the temporal command is missing",
                "temporal",
                "run `./airlock setup --temporal`, name a server that runs with --temporal HOST:PORT, or do without"
                        + " lasting runs: --temporal memory");
    }

    private static List<Path> candidates(Map<String, String> environment, Path home) {
        List<Path> candidates = new ArrayList<>();
        for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
            // An empty entry of PATH means the current directory, which we do not trust with a program's name.
            if (directory.startsWith("/")) {
                candidates.add(Path.of(directory, "temporal"));
            }
        }
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = cache.startsWith("/") ? Path.of(cache) : home.resolve(".cache");
        candidates.add(base.resolve("airlock/bin/temporal"));
        return candidates;
    }
}
