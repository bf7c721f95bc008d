package dev.airlock.dev.temporal;

import dev.airlock.platform.failure.PlatformException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the {@code temporal} command: on the path, else in our cache. */
public final class TemporalCommand {
    private TemporalCommand() {}

    /** @throws PlatformException with code UNAVAILABLE if this machine has none */
    public static Path find() {
        return find(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static Path find(Map<String, String> environment, Path home) {
        for (Path candidate : candidates(environment, home)) {
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        throw PlatformException.of(
                PlatformException.Code.UNAVAILABLE,
                "the temporal command is missing",
                "temporal",
                "run `./airlock setup --temporal`, or name a server that runs with --temporal HOST:PORT");
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
