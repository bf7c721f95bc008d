package dev.airlock.activities.sandbox;

import dev.airlock.workflows.failure.FailureType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Registers images of a docker daemon: one that is there already, or one made from a root file system. */
public final class DockerImageSource {
    private static final String TAG = "airlock-image:";
    private static final int GZIP = 0x1f8b;

    private final DockerImages images;
    private final ImageRegistry registry;

    DockerImageSource(DockerImages images, ImageRegistry registry) {
        this.images = images;
        this.registry = registry;
    }

    /**
     * Registers what {@code reference} stands for now; a tag that moves later changes nothing.
     *
     * @throws SandboxException {@code IMAGE_ABSENT} when the daemon does not have it: nothing is pulled
     */
    public ImageRegistry.Registered addReference(String name, String reference) throws IOException {
        ImageRegistry.checkName(name);
        String id = images.idOf(reference)
                .orElseThrow(() -> new SandboxException(
                        FailureType.IMAGE_ABSENT,
                        "the docker daemon has no image " + reference + "; fetch it with docker pull " + reference));
        return register(name, id, reference);
    }

    /** @param rootfs a directory, or a tar archive, plain or with gzip */
    public ImageRegistry.Registered addRootfs(String name, Path rootfs) throws IOException {
        ImageRegistry.checkName(name);
        Path plain = Files.createTempFile("airlock-rootfs", ".tar");
        Path context = Files.createTempFile("airlock-context", ".tar");
        try {
            flatten(rootfs, plain);
            try (OutputStream out = Files.newOutputStream(context);
                    InputStream tar = Files.newInputStream(plain);
                    TarWriter archive = new TarWriter(out)) {
                String recipe = "FROM scratch\nADD rootfs.tar /\n";
                archive.file("Dockerfile", 0644, recipe.getBytes(StandardCharsets.UTF_8));
                archive.file("rootfs.tar", 0644, Files.size(plain), tar);
            }
            try (InputStream in = Files.newInputStream(context)) {
                return register(name, images.build(in, Map.of(), TAG + name), rootfs.toString());
            }
        } finally {
            Files.deleteIfExists(plain);
            Files.deleteIfExists(context);
        }
    }

    private ImageRegistry.Registered register(String name, String id, String reference) throws IOException {
        ImageRegistry.Registered image = new ImageRegistry.Registered(name, id, "docker", reference);
        registry.add(image);
        return image;
    }

    private static void flatten(Path rootfs, Path plain) throws IOException {
        if (Files.isDirectory(rootfs)) {
            try (OutputStream out = Files.newOutputStream(plain);
                    TarWriter tar = new TarWriter(out)) {
                pack(rootfs, tar);
            }
            return;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(rootfs));
                InputStream unpacked = unpacked(in);
                OutputStream out = Files.newOutputStream(plain)) {
            unpacked.transferTo(out);
        }
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP ? new GZIPInputStream(in) : in;
    }

    /** Links stay links, whatever they point at; what is no file, directory or link is left out. */
    private static void pack(Path root, TarWriter tar) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : (Iterable<Path>) walk.filter(one -> !one.equals(root))::iterator) {
                pack(path, root.relativize(path).toString(), tar);
            }
        }
    }

    private static void pack(Path path, String name, TarWriter tar) throws IOException {
        if (Files.isSymbolicLink(path)) {
            tar.link(name, Files.readSymbolicLink(path).toString());
            return;
        }
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            tar.directory(name, mode);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            try (InputStream in = Files.newInputStream(path)) {
                tar.file(name, mode, Files.size(path), in);
            }
        }
    }
}
