package dev.airlock.activities.sandbox;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.failure.FailureType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A root file system that is unpacked into an empty directory. What comes in is not trusted: nothing is written outside, no
 * link is followed, no device is made, no file changes who runs it.
 */
final class RootfsTree {
    private static final int GZIP = 0x1f8b;
    private static final int PERMISSIONS = 0777;
    private static final int OWNERS_DIRECTORY = 0700;
    private static final int OWNERS_FILE = 0400;
    private static final int EXECUTABLE = 0111;

    private final Path root;
    private final Map<Path, Integer> directories = new TreeMap<>();

    private RootfsTree(Path root) {
        this.root = root;
    }

    /**
     * Copies it.
     *
     * @param rootfs a directory, or a tar archive, plain or with gzip
     * @param root an empty directory
     * @return the digest of everything that was written: names, kinds, permissions, content and links
     * @throws SandboxException {@code CONFLICT} when it would leave the directory
     */
    static String copy(Path rootfs, Path root) throws IOException {
        RootfsTree tree = new RootfsTree(root);
        try {
            if (Files.isDirectory(rootfs)) {
                tree.copyDirectory(rootfs);
            } else {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(rootfs));
                        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked(in), "UTF-8")) {
                    tree.unpack(tar);
                }
            }
        } catch (InvalidPathException e) {
            throw refused("the name " + e.getInput() + " cannot be written here: set LC_ALL=C.UTF-8 and try again");
        }
        // Permissions last: a directory that forbids writing is filled first.
        for (Map.Entry<Path, Integer> one : tree.directories.entrySet()) {
            Files.setAttribute(one.getKey(), "unix:mode", one.getValue() | OWNERS_DIRECTORY);
        }
        return tree.digest();
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP ? new GZIPInputStream(in) : in;
    }

    private static SandboxException refused(String message) {
        return new SandboxException(FailureType.CONFLICT, message);
    }

    private void copyDirectory(Path from) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : (Iterable<Path>) walk.filter(one -> !one.equals(from))::iterator) {
                String name = from.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    link(name, Files.readSymbolicLink(path).toString());
                    continue;
                }
                int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    directory(name, mode);
                } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    try (InputStream in = Files.newInputStream(path)) {
                        file(name, mode, in);
                    }
                }
            }
        }
    }

    private void unpack(TarArchiveInputStream tar) throws IOException {
        boolean any = false;
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            any = true;
            if (entry.isSymbolicLink()) {
                link(entry.getName(), entry.getLinkName());
            } else if (entry.isLink()) {
                hardLink(entry.getName(), entry.getLinkName());
            } else if (entry.isDirectory()) {
                directory(entry.getName(), entry.getMode());
            } else if (entry.isFile() && !entry.isFIFO() && !entry.isCharacterDevice() && !entry.isBlockDevice()) {
                file(entry.getName(), entry.getMode(), tar);
            }
        }
        if (!any) {
            throw refused("it is no tar archive, or an empty one");
        }
    }

    private void directory(String name, int mode) throws IOException {
        Path path = place(name);
        if (!path.equals(root)) {
            enter(path);
            directories.put(path, mode & PERMISSIONS);
        }
    }

    private void file(String name, int mode, InputStream content) throws IOException {
        Path path = vacant(name);
        Files.copy(content, path);
        Files.setAttribute(path, "unix:mode", (mode & PERMISSIONS) | OWNERS_FILE);
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(vacant(name), Path.of(target));
    }

    private void hardLink(String name, String target) throws IOException {
        Path existing = place(target);
        requireNoLinkAbove(existing);
        if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("the hard link " + name + " leads to " + target + ", which is no file of the archive");
        }
        Path path = vacant(name);
        if (!path.equals(existing)) {
            Files.createLink(path, existing);
        }
    }

    /** Inside, whatever the name says. */
    private Path place(String name) throws SandboxException {
        Path place = root;
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw refused("the entry " + name + " leads outside");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                place = place.resolve(part);
            }
        }
        return place;
    }

    /** Where nothing is any more, below directories that are there. */
    private Path vacant(String name) throws IOException {
        Path path = place(name);
        Path above = path.getParent();
        if (path.equals(root) || above == null) {
            throw refused("the entry '" + name + "' has no name");
        }
        enter(above);
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("the entry " + name + " stands where a directory is");
        }
        Files.deleteIfExists(path);
        return path;
    }

    private void enter(Path directory) throws IOException {
        requireNoLinkAbove(directory);
        Files.createDirectories(directory);
    }

    /** Links that were unpacked before are never gone through. */
    private void requireNoLinkAbove(Path path) throws SandboxException {
        for (Path one = path; one != null && !one.equals(root); one = one.getParent()) {
            boolean directory = Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS);
            boolean other = !directory && Files.exists(one, LinkOption.NOFOLLOW_LINKS);
            if (Files.isSymbolicLink(one) || (other && !one.equals(path))) {
                throw refused("an entry goes through " + root.relativize(one) + ", which is no directory");
            }
        }
    }

    private String digest() throws IOException {
        MessageDigest digest = CanonicalJson.sha256();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.filter(one -> !one.equals(root))
                    .sorted((one, other) -> one.toString().compareTo(other.toString()))
                    .toList()) {
                digest.update((line(path) + "\0").getBytes(StandardCharsets.UTF_8));
            }
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private String line(Path path) throws IOException {
        String name = root.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            return "link " + name + "\0" + Files.readSymbolicLink(path);
        }
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return "directory " + name;
        }
        return ((mode & EXECUTABLE) == 0 ? "file " : "program ") + name + "\0" + content(path);
    }

    private static String content(Path file) throws IOException {
        MessageDigest digest = CanonicalJson.sha256();
        byte[] block = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int size = in.read(block); size >= 0; size = in.read(block)) {
                digest.update(block, 0, size);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
