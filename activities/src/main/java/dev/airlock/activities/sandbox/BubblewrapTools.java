package dev.airlock.activities.sandbox;

import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs that make a sandbox.
 *
 * @param launcher, init from {@code sandbox-init/build.sh}
 */
record BubblewrapTools(Path bubblewrap, Path launcher, Path init) {
    private static final Pattern VERSION = Pattern.compile("bubblewrap (\\d+)\\.(\\d+).*");
    /** The oldest one that bounds a file system in memory and forbids user namespaces inside. */
    private static final int OLDEST_MINOR = 8;

    private static final String MEND = "; run ./airlock setup --bubblewrap";

    /**
     * Finds them.
     *
     * @param directory {@code sandbox-init/target}
     * @throws SandboxException {@code ISOLATION_REFUSED} when one is missing or too old
     */
    static BubblewrapTools find(Path directory) throws IOException {
        BubblewrapTools tools = new BubblewrapTools(
                onPath("bwrap").orElseThrow(() -> refused("bubblewrap (bwrap) is not installed" + MEND)),
                directory.resolve("sandbox-launch"),
                directory.resolve("sandbox-init"));
        for (Path built : List.of(tools.launcher, tools.init)) {
            if (!Files.isExecutable(built)) {
                throw refused("there is no " + built + "; run ./airlock setup, it builds it");
            }
        }
        tools.requireVersion();
        return tools;
    }

    static Optional<Path> onPath(String program) {
        for (String directory :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            Path candidate = Path.of(directory).resolve(program);
            if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private void requireVersion() throws IOException {
        Process process = new ProcessBuilder(bubblewrap.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!isolates(said)) {
            throw refused(bubblewrap + " is '" + said + "', and 0." + OLDEST_MINOR + " is the oldest that isolates "
                    + "enough; install a newer bubblewrap, or use docker");
        }
    }

    /** Whether that version does what we need. */
    static boolean isolates(String said) {
        Matcher version = VERSION.matcher(said);
        return version.matches()
                && (!version.group(1).equals("0") || Integer.parseInt(version.group(2)) >= OLDEST_MINOR);
    }

    static SandboxException refused(String message) {
        return new SandboxException(FailureType.ISOLATION_REFUSED, message);
    }
}
