package dev.airlock.dev.image;

import dev.airlock.platform.failure.PlatformException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The image {@code base} of this machine's Docker engine, which steps without an image run in. */
public final class BaseImage {
    /** What the engine knows it by. */
    public static final String REFERENCE = "airlock-base:latest";

    private BaseImage() {}

    /**
     * Makes the image if the engine does not have it, which takes about a minute; does nothing otherwise.
     *
     * @param home the directory of the launcher
     * @param notices takes the lines of progress
     * @throws PlatformException with code ENGINE_ABSENT if it cannot be made
     */
    public static void ensure(Path home, Consumer<String> notices) {
        Path script = home.resolve("scripts/base-image.sh");
        if (!Files.isExecutable(script)) {
            throw absent("the script " + script + " is missing", null);
        }
        try {
            Process process = new ProcessBuilder(script.toString())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            String last = "no reason given";
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    last = line.startsWith("airlock: ") ? line.substring("airlock: ".length()) : line;
                    notices.accept(last);
                }
            }
            if (process.waitFor() != 0) {
                throw absent("the image base cannot be made: " + last, null);
            }
        } catch (IOException e) {
            throw absent("the image base cannot be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw absent("interrupted while the image base was made", e);
        }
    }

    private static PlatformException absent(String message, @Nullable Exception cause) {
        String hint = "run `./airlock setup --docker`";
        return cause == null
                ? PlatformException.of(PlatformException.Code.ENGINE_ABSENT, message, "base", hint)
                : PlatformException.of(PlatformException.Code.ENGINE_ABSENT, message, "base", hint, cause);
    }
}
