package dev.airlock.starter.session;

import dev.airlock.evidence.files.FileCollection;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.evidence.files.FileManifest.Entry;
import dev.airlock.evidence.files.FileManifest.Kind;
import dev.airlock.evidence.files.FileManifest.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** The caller's own files: read without following a link, and written where no link can lead away from. */
final class LocalFiles {
    private static final int DEEPEST = 60;

    private LocalFiles() {}

    /** Adds a file under that name, or what is in a directory. */
    static void collect(Path source, String name, FileCollection into) throws IOException {
        BasicFileAttributes attributes = attributes(source);
        if (attributes.isDirectory()) {
            directory(source, "", 0, into);
        } else {
            entry(source, name, attributes, 0, into);
        }
    }

    private static void directory(Path directory, String below, int depth, FileCollection into) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        }
        found.sort(null);
        for (Path each : found) {
            String name = below + each.getFileName();
            entry(each, name, attributes(each), depth, into);
        }
    }

    private static void entry(Path path, String name, BasicFileAttributes attributes, int depth, FileCollection into)
            throws IOException {
        if (attributes.isDirectory() && depth >= DEEPEST) {
            into.refuse(name, "nested too deep");
        } else if (attributes.isDirectory()) {
            into.directory(name);
            directory(path, name + "/", depth + 1, into);
        } else if (attributes.isSymbolicLink()) {
            into.link(name, Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8));
        } else if (attributes.isRegularFile()) {
            try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
                into.file(name, Files.isExecutable(path), in);
            }
        } else {
            into.refuse(name, "neither file, directory nor symbolic link");
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Writes a manifest's files: a single file to {@code target}, or into it if it is a directory; others below it, which is made when
     * it is not there. What is there already is written over, never written through.
     *
     * @return what could not be written
     */
    static List<Refused> write(FileManifest manifest, boolean single, InputStream content, Path target)
            throws IOException {
        List<Refused> refused = new ArrayList<>();
        Path root = target.toAbsolutePath();
        if (!single) {
            Files.createDirectories(root);
        }
        for (Entry entry : manifest.entries()) {
            boolean intoItself = single && !Files.isDirectory(root);
            Path place = intoItself ? root : root.resolve(entry.path());
            try {
                write(entry, content, root, place);
            } catch (Unfit e) {
                refused.add(new Refused(entry.path(), e.text()));
                content.skipNBytes(entry.size());
            }
        }
        return refused;
    }

    private static void write(Entry entry, InputStream content, Path root, Path place) throws IOException, Unfit {
        if (!place.normalize().startsWith(root.normalize())) {
            throw new Unfit("it leads out of " + root);
        }
        Path parent = place.getParent();
        if (parent == null) {
            throw new Unfit("there is no directory above it");
        }
        makeDirectories(root, place.equals(root) ? parent : entry.kind() == Kind.DIRECTORY ? place : parent);
        switch (entry.kind()) {
            case DIRECTORY -> {}
            case LINK -> {
                requireNoDirectory(place);
                Files.deleteIfExists(place);
                byte[] to = Base64.getDecoder().decode(String.valueOf(entry.target()));
                Files.createSymbolicLink(place, Path.of(new String(to, StandardCharsets.UTF_8)));
            }
            case FILE -> file(entry, content, parent, place);
        }
    }

    private static void file(Entry entry, InputStream content, Path parent, Path place) throws IOException, Unfit {
        requireNoDirectory(place);
        Path temporary = Files.createTempFile(parent, ".airlock", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                copy(content, out, entry.size());
            }
            Files.setPosixFilePermissions(
                    temporary,
                    entry.executable()
                            ? Set.of(
                                    PosixFilePermission.OWNER_READ,
                                    PosixFilePermission.OWNER_WRITE,
                                    PosixFilePermission.OWNER_EXECUTE,
                                    PosixFilePermission.GROUP_READ,
                                    PosixFilePermission.OTHERS_READ)
                            : Set.of(
                                    PosixFilePermission.OWNER_READ,
                                    PosixFilePermission.OWNER_WRITE,
                                    PosixFilePermission.GROUP_READ,
                                    PosixFilePermission.OTHERS_READ));
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (long left = size; left > 0; ) {
            int count = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
            if (count == 0) {
                throw new IOException("the content of the files ends too early");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    /** Each one below the root is made, or is a directory and no link to one. */
    private static void makeDirectories(Path root, Path directory) throws IOException, Unfit {
        if (!directory.startsWith(root) || directory.equals(root)) {
            return;
        }
        Path at = root;
        for (Path part : root.relativize(directory)) {
            at = at.resolve(part);
            if (Files.notExists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(at);
            } else if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new Unfit("there is something else than a directory at " + root.relativize(at));
            }
        }
    }

    private static void requireNoDirectory(Path place) throws Unfit {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new Unfit("there is a directory in its place");
        }
    }

    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }
}
