package dev.airlock.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Other programs. */
public final class Tool {
    private static final long MOST_SECONDS = 120;

    private Tool() {}

    /** Where a program stands on the path or where administrators' programs stand. */
    public static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
        for (String directory : path.split(":", -1)) {
            if (directory.startsWith("/") && Files.isExecutable(Path.of(directory, name))) {
                return Optional.of(Path.of(directory, name));
            }
        }
        return Optional.empty();
    }

    /**
     * Runs it to its end and returns what it wrote to both of its outputs.
     *
     * @throws IOException if it fails or does not end
     */
    public static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        String.join(" ", command) + " ended with " + process.exitValue() + ": " + said.strip());
            }
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    public static String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }
}
