package dev.airlock.workspace.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.ignore.IgnoreNode;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/**
 * Writes a directory's content into a tree the way {@code git add --all} would: {@code .git} is left out at every level,
 * {@code .gitignore} is honoured at every level and never for what the base tracks, links stay links. What is neither file,
 * directory nor link is refused.
 */
final class DirectoryReader {
    private final ObjectReader base;
    private final TreeWriter into;

    DirectoryReader(ObjectReader base, TreeWriter into) {
        this.base = base;
        this.into = into;
    }

    /** @param tracked tree of the base; absent when there is none */
    void read(Path directory, @Nullable ObjectId tracked) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new WorkspaceException(WorkspaceException.Kind.NOT_FOUND, "no directory: " + directory);
        }
        read(new Place(directory, "", tracked, null, false));
    }

    private void read(Place place) throws IOException {
        Map<String, Tracked> tracked = place.tracked == null ? Map.of() : entries(place.tracked);
        Rules rules = rules(place);
        try (DirectoryStream<Path> children = Files.newDirectoryStream(place.directory)) {
            for (Path child : children) {
                String name = RawNames.name(child);
                if (!name.equals(".git")) {
                    entry(place, rules, child, name, tracked.get(name));
                }
            }
        }
    }

    private void entry(Place place, @Nullable Rules rules, Path file, String name, @Nullable Tracked tracked)
            throws IOException {
        String path = place.path + name;
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean directory = attributes.isDirectory();
        boolean ignored = place.ignored || (rules != null && rules.ignores(path, directory));
        if (directory) {
            directory(new Place(file, path + "/", null, rules, ignored), tracked);
            return;
        }
        if (ignored && (tracked == null || tracked.mode.equals(FileMode.TREE))) {
            return;
        }
        if (attributes.isSymbolicLink()) {
            into.link(path, RawNames.target(file));
            return;
        }
        if (!attributes.isRegularFile()) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID,
                    Shown.text(path) + " is neither file, directory nor link; remove it or add it to .gitignore");
        }
        boolean executable = attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        into.file(path, executable, attributes.size(), () -> open(file));
    }

    private void directory(Place place, @Nullable Tracked tracked) throws IOException {
        if (tracked != null && tracked.mode.equals(FileMode.GITLINK)) {
            into.module(place.path.substring(0, place.path.length() - 1), tracked.id);
            return;
        }
        ObjectId tree = tracked != null && tracked.mode.equals(FileMode.TREE) ? tracked.id : null;
        if (!place.ignored || tree != null) {
            read(new Place(place.directory, place.path, tree, place.rules, place.ignored));
        }
    }

    private static InputStream open(Path file) throws IOException {
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }

    private Map<String, Tracked> entries(ObjectId tree) throws IOException {
        Map<String, Tracked> entries = new HashMap<>();
        CanonicalTreeParser parser = new CanonicalTreeParser(null, base, tree);
        for (; !parser.eof(); parser.next(1)) {
            entries.put(parser.getEntryPathString(), new Tracked(parser.getEntryFileMode(), parser.getEntryObjectId()));
        }
        return entries;
    }

    private static @Nullable Rules rules(Place place) throws IOException {
        Path file = place.directory.resolve(".gitignore");
        if (place.ignored || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return place.rules;
        }
        IgnoreNode node = new IgnoreNode();
        try (InputStream in = open(file)) {
            node.parse(in);
        }
        return new Rules(node, place.path, place.rules);
    }

    /**
     * A directory on the way.
     *
     * @param path empty, or ending with a slash
     * @param ignored whether only what is tracked counts from here on
     */
    private record Place(
            Path directory,
            String path,
            @Nullable ObjectId tracked,
            @Nullable Rules rules,
            boolean ignored) {}

    private record Tracked(FileMode mode, ObjectId id) {}

    /** The {@code .gitignore} of a directory, and those above it. */
    private record Rules(
            IgnoreNode node, String path, @Nullable Rules above) {
        boolean ignores(String entry, boolean directory) {
            for (Rules rules = this; rules != null; rules = rules.above) {
                Boolean answer = rules.node.checkIgnored(entry.substring(rules.path.length()), directory);
                if (answer != null) {
                    return answer;
                }
            }
            return false;
        }
    }
}
