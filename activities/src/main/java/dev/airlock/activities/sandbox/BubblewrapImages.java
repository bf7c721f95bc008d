package dev.airlock.activities.sandbox;

import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a pipeline's images lie on this host. */
final class BubblewrapImages {
    static final String ENGINE = "bubblewrap";

    private final ImageRegistry registry;

    BubblewrapImages(ImageRegistry registry) {
        this.registry = registry;
    }

    /** The digest that the name stands for now. */
    String resolve(String name) throws IOException {
        if (name.equals(ImageRegistry.BASE)) {
            return BubblewrapRoot.digestOfHost();
        }
        ImageRegistry.Registered image = registry.find(name)
                .filter(found -> found.engine().equals(ENGINE))
                .orElseThrow(() -> absent("no image is registered as '" + name + "' for bubblewrap", name));
        if (tree(image.digest()).isEmpty()) {
            throw absent("the image '" + name + "' (" + image.digest() + ") is not in this state directory", name);
        }
        return image.digest();
    }

    private static SandboxException absent(String what, String name) {
        return new SandboxException(
                FailureType.IMAGE_ABSENT, what + "; register it with airlock image add " + name + " --rootfs DIR|TAR");
    }

    /** The unpacked tree; empty for the host's own programs, which are kept under no digest. */
    Optional<Path> tree(String digest) {
        Path tree = registry.tree(digest);
        return Files.isDirectory(tree) ? Optional.of(tree) : Optional.empty();
    }
}
