package dev.airlock.activities.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/** Registers root file systems for bubblewrap: each is kept once in the state directory, under the digest of its content. */
public final class BubblewrapImageSource {
    private final ImageRegistry registry;

    BubblewrapImageSource(ImageRegistry registry) {
        this.registry = registry;
    }

    /**
     * Unpacks and registers it.
     *
     * @param rootfs a directory, or a tar archive, plain or with gzip
     * @throws SandboxException {@code CONFLICT} when it would write outside, or no image may have that name
     */
    public ImageRegistry.Registered addRootfs(String name, Path rootfs) throws IOException {
        ImageRegistry.checkName(name);
        Path fresh = registry.freshTree(UUID.randomUUID().toString());
        try {
            String digest = RootfsTree.copy(rootfs, fresh);
            Path kept = registry.tree(digest);
            if (!Files.isDirectory(kept)) {
                Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
            }
            ImageRegistry.Registered image = new ImageRegistry.Registered(
                    name,
                    digest,
                    BubblewrapImages.ENGINE,
                    rootfs.toAbsolutePath().toString());
            registry.add(image);
            return image;
        } finally {
            delete(fresh);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
