package dev.airlock.workspace.git;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads every object that a commit brings over a base and hashes it again. Git's own reading does not: it believes that the
 * file named by an id holds what the id says.
 */
final class Integrity implements AutoCloseable {
    private final ObjectReader reader;
    private final ObjectInserter.Formatter hash = new ObjectInserter.Formatter();
    private final Set<ObjectId> sound = new HashSet<>();

    Integrity(Repository repository) {
        this.reader = repository.newObjectReader();
    }

    /** What is wrong, for people; empty when the commit is sound and its tree is {@code tree}. */
    Optional<String> problem(ObjectId commit, ObjectId tree, @Nullable ObjectId baseTree) throws IOException {
        try {
            ObjectId found = RevCommit.parse(read(commit, Constants.OBJ_COMMIT, "the commit"))
                    .getTree();
            if (!found.equals(tree)) {
                return Optional.of("commit " + commit.name() + " has tree " + found.name() + ", not " + tree.name());
            }
            tree(tree, baseTree, "");
            return Optional.empty();
        } catch (Damaged e) {
            return Optional.of(e.detail);
        }
    }

    private void tree(ObjectId tree, @Nullable ObjectId baseTree, String path) throws IOException {
        if (tree.equals(baseTree) || !sound.add(tree)) {
            return;
        }
        byte[] content = read(tree, Constants.OBJ_TREE, "directory " + Shown.text(path));
        Map<String, ObjectId> known = known(baseTree);
        CanonicalTreeParser entries = new CanonicalTreeParser();
        for (entries.reset(content); !entries.eof(); entries.next(1)) {
            String name = path + entries.getEntryPathString();
            ObjectId id = entries.getEntryObjectId();
            ObjectId before = known.get(entries.getEntryPathString());
            if (entries.getEntryFileMode().equals(FileMode.TREE)) {
                tree(id, before, name + "/");
            } else if (!entries.getEntryFileMode().equals(FileMode.GITLINK) && !id.equals(before) && sound.add(id)) {
                blob(id, name);
            }
        }
    }

    /** What the base has of a directory. If it cannot be read there is nothing to rely on, and everything is hashed. */
    private Map<String, ObjectId> known(@Nullable ObjectId baseTree) {
        Map<String, ObjectId> known = new HashMap<>();
        if (baseTree == null) {
            return known;
        }
        try {
            CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, baseTree);
            for (; !entries.eof(); entries.next(1)) {
                known.put(entries.getEntryPathString(), entries.getEntryObjectId());
            }
            return known;
        } catch (IOException e) {
            return Map.of();
        }
    }

    private byte[] read(ObjectId id, int type, String what) throws IOException {
        return sound(id, what, loader -> {
            if (loader.getType() != type) {
                throw new IncorrectObjectTypeException(id, type);
            }
            try (InputStream in = loader.openStream()) {
                byte[] bytes = in.readAllBytes();
                return new Hashed<>(hash.idFor(type, bytes), bytes);
            }
        });
    }

    private void blob(ObjectId id, String path) throws IOException {
        sound(id, "file " + Shown.text(path), loader -> {
            try (InputStream in = loader.openStream()) {
                return new Hashed<>(hash.idFor(loader.getType(), loader.getSize(), in), path);
            }
        });
    }

    private <T> T sound(ObjectId id, String what, Reading<T> reading) throws IOException {
        Hashed<T> hashed;
        try {
            hashed = reading.of(reader.open(id));
        } catch (MissingObjectException e) {
            throw new Damaged("object " + id.name() + " (" + what + ") is missing");
        } catch (CorruptObjectException | IncorrectObjectTypeException | EOFException | ZipException e) {
            throw new Damaged("object " + id.name() + " (" + what + ") is damaged: " + e.getMessage());
        } catch (RuntimeException e) {
            // Some damaged headers send git's own parser astray (an index out of bounds, an absurd size).
            throw new Damaged("object " + id.name() + " (" + what + ") is damaged: " + e.getMessage());
        }
        if (!hashed.id.equals(id)) {
            throw new Damaged("object " + id.name() + " (" + what + ") holds the content of " + hashed.id.name());
        }
        return hashed.content;
    }

    @Override
    public void close() {
        reader.close();
        hash.close();
    }

    private interface Reading<T> {
        Hashed<T> of(ObjectLoader loader) throws IOException;
    }

    private record Hashed<T>(ObjectId id, T content) {}

    private static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        private final String detail;

        Damaged(String detail) {
            super(detail);
            this.detail = detail;
        }
    }
}
