package dev.airlock.activities.sandbox;

import dev.airlock.platform.state.AtomicFile;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a pipeline's {@code image:} may name: one small file for each image of a state directory. Knows nothing of the
 * engines. Safe for several processes at once.
 */
public final class ImageRegistry {
    /** The image of the machine; it is nobody's to register. */
    public static final String BASE = "base";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final String SUFFIX = ".json";
    private static final String TREES = "trees";

    private final Path directory;

    /** @param directory {@code DIR/images}; need not exist yet */
    public ImageRegistry(Path directory) {
        this.directory = directory;
    }

    /** Where the tree of an image lies that an engine keeps here; it need not be there. */
    Path tree(String digest) {
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException("no digest: " + digest);
        }
        return directory.resolve(TREES).resolve(digest.substring("sha256:".length()));
    }

    /** An empty directory beside those trees. */
    Path freshTree(String name) throws IOException {
        return Files.createDirectories(directory.resolve(TREES).resolve(".new-" + name));
    }

    /**
     * An image under a name.
     *
     * @param digest the engine's own id of exactly that content
     * @param engine {@code docker} or {@code bubblewrap}
     * @param reference what it was made from, for people
     */
    public record Registered(String name, String digest, String engine, String reference) {}

    /**
     * Keeps the image under its name, in place of an older one.
     *
     * @throws SandboxException {@code CONFLICT} when the name cannot be given
     */
    public void add(Registered image) throws IOException {
        checkName(image.name());
        AtomicFile.write(
                directory.resolve(image.name() + SUFFIX), Payloads.mapper().writeValueAsBytes(image));
    }

    /** @throws SandboxException {@code CONFLICT} when no image may have that name */
    static void checkName(String name) throws SandboxException {
        if (!NAME.matcher(name).matches() || name.equals(BASE)) {
            throw new SandboxException(
                    FailureType.CONFLICT,
                    "no image can be registered as '" + name
                            + "': take lower-case letters, digits, '.', '_' and '-', at " + "most 64, and not '" + BASE
                            + "', which is the machine's own");
        }
    }

    public Optional<Registered> find(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            byte[] json = Files.readAllBytes(directory.resolve(name + SUFFIX));
            return Optional.of(Payloads.mapper().readValue(json, Registered.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** In the order of their names. */
    public List<Registered> list() throws IOException {
        List<Registered> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    find(name.substring(0, name.length() - SUFFIX.length())).ifPresent(found::add);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(Registered::name));
        return List.copyOf(found);
    }
}
