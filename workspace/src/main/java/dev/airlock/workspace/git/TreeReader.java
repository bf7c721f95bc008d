package dev.airlock.workspace.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/** Reads trees, whole or where two of them differ. */
final class TreeReader {
    private final Repository repository;

    TreeReader(Repository repository) {
        this.repository = repository;
    }

    void read(ObjectId tree, TreeVisitor visitor) throws IOException {
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.addTree(tree);
            while (walk.next()) {
                visit(walk, reader, visitor);
            }
        }
    }

    private void visit(TreeWalk walk, ObjectReader reader, TreeVisitor visitor) throws IOException {
        String path = path(walk);
        ObjectId id = walk.getObjectId(0);
        switch (walk.getFileMode(0).getObjectType()) {
            case Constants.OBJ_TREE -> {
                visitor.directory(path);
                walk.enterSubtree();
            }
            case Constants.OBJ_COMMIT -> visitor.directory(path);
            default -> {
                if (walk.getFileMode(0).equals(FileMode.SYMLINK)) {
                    visitor.link(path, reader.open(id, Constants.OBJ_BLOB).getBytes());
                    return;
                }
                boolean executable = walk.getFileMode(0).equals(FileMode.EXECUTABLE_FILE);
                visitor.file(path, executable, reader.getObjectSize(id, Constants.OBJ_BLOB), content(id));
            }
        }
    }

    List<ChangedFile> changes(@Nullable ObjectId before, ObjectId after) throws IOException {
        List<ChangedFile> changes = new ArrayList<>();
        try (ObjectReader reader = repository.newObjectReader();
                TreeWalk walk = new TreeWalk(repository, reader)) {
            if (before == null) {
                walk.addTree(new EmptyTreeIterator());
            } else {
                walk.addTree(before);
            }
            walk.addTree(after);
            walk.setRecursive(true);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                changes.add(change(walk, reader));
            }
        }
        return changes;
    }

    private ChangedFile change(TreeWalk walk, ObjectReader reader) throws IOException {
        ChangedFile.Mode before = mode(walk.getFileMode(0));
        ChangedFile.Mode after = mode(walk.getFileMode(1));
        boolean readable = after != ChangedFile.Mode.ABSENT && after != ChangedFile.Mode.MODULE;
        ObjectId id = walk.getObjectId(1);
        return new ChangedFile(
                path(walk),
                kind(before, after),
                before,
                after,
                readable ? reader.getObjectSize(id, Constants.OBJ_BLOB) : 0,
                readable ? content(id) : InputStream::nullInputStream);
    }

    private static ChangedFile.Kind kind(ChangedFile.Mode before, ChangedFile.Mode after) {
        if (before == ChangedFile.Mode.ABSENT) {
            return ChangedFile.Kind.ADDED;
        }
        return after == ChangedFile.Mode.ABSENT ? ChangedFile.Kind.DELETED : ChangedFile.Kind.MODIFIED;
    }

    private static ChangedFile.Mode mode(FileMode mode) {
        return switch (mode.getObjectType()) {
            case Constants.OBJ_COMMIT -> ChangedFile.Mode.MODULE;
            case Constants.OBJ_BLOB -> {
                if (mode.equals(FileMode.SYMLINK)) {
                    yield ChangedFile.Mode.LINK;
                }
                yield mode.equals(FileMode.EXECUTABLE_FILE) ? ChangedFile.Mode.EXECUTABLE : ChangedFile.Mode.FILE;
            }
            default -> ChangedFile.Mode.ABSENT;
        };
    }

    /** Paths of the files directly in a directory; none if there is no such directory. */
    List<String> files(ObjectId tree, String directory) throws IOException {
        List<String> files = new ArrayList<>();
        try (TreeWalk found = TreeWalk.forPath(repository, directory, tree)) {
            if (found == null || !FileMode.TREE.equals(found.getRawMode(0))) {
                return files;
            }
            try (TreeWalk walk = new TreeWalk(repository)) {
                walk.addTree(found.getObjectId(0));
                while (walk.next()) {
                    if (isFile(walk.getFileMode(0))) {
                        files.add(directory + "/" + path(walk));
                    }
                }
            }
            return files;
        }
    }

    static boolean isFile(FileMode mode) {
        return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
    }

    ContentSource content(ObjectId blob) {
        return () -> repository.open(blob, Constants.OBJ_BLOB).openStream();
    }

    private static String path(TreeWalk walk) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(walk.getRawPath()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID,
                    "name refused: " + Shown.text(walk.getPathString()) + ": it is not UTF-8; rename it",
                    e);
        }
    }
}
