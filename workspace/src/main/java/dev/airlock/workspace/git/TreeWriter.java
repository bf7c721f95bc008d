package dev.airlock.workspace.git;

import dev.airlock.workflows.id.TreeId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree, file by file in any order. Content is streamed and stored once, however often it is written. Names that git
 * or a file system would take for something else ({@code .git} in any spelling, {@code ..}, an empty segment), a path given
 * twice and a file below a file are refused as {@link WorkspaceException.Kind#INVALID}.
 *
 * <p>Directories exist by what is in them; an empty one is not kept. Not thread-safe. Closing without {@link #finish} leaves
 * nothing that anything refers to.
 */
public final class TreeWriter implements TreeVisitor, AutoCloseable {
    private static final int IN_MEMORY = 1 << 20;

    private final ObjectInserter inserter;
    private final ObjectReader reader;
    private final Path scratch;
    private final ObjectChecker names = new ObjectChecker().setSafeForMacOS(true);
    private final DirCache index = DirCache.newInCore();
    private final DirCacheBuilder entries = index.builder();
    private final Set<String> leaves = new HashSet<>();
    private final Set<String> directories = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private final @Nullable ObjectId base;

    TreeWriter(ObjectInserter inserter, Path scratch) {
        this(inserter, scratch, null);
    }

    /** @param base a tree of which everything stays that is neither written nor removed */
    TreeWriter(ObjectInserter inserter, Path scratch, @Nullable ObjectId base) {
        this.inserter = inserter;
        this.reader = inserter.newReader();
        this.scratch = scratch;
        this.base = base;
    }

    /** Nothing to do: what is in it makes a directory. */
    @Override
    public void directory(String path) {}

    /** A file whose size is not known; it is read once and not closed. */
    public void file(String path, boolean executable, InputStream content) throws IOException {
        check(path);
        byte[] head = content.readNBytes(IN_MEMORY);
        ObjectId blob = head.length < IN_MEMORY ? inserter.insert(Constants.OBJ_BLOB, head) : spool(head, content);
        add(path, executable ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE, blob);
    }

    /** A file whose content is there to be read twice. */
    @Override
    public void file(String path, boolean executable, long size, ContentSource content) throws IOException {
        check(path);
        add(path, executable ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE, blob(size, content));
    }

    @Override
    public void link(String path, byte[] target) throws IOException {
        check(path);
        add(path, FileMode.SYMLINK, inserter.insert(Constants.OBJ_BLOB, target));
    }

    /** Leaves a file of the base out; one that is not there is refused. */
    public void remove(String path) throws IOException {
        check(path);
        removed.add(path);
    }

    void module(String path, AnyObjectId commit) throws IOException {
        check(path);
        add(path, FileMode.GITLINK, commit);
    }

    /** Writes the trees. Nothing can be added afterwards. */
    public TreeId finish() throws IOException {
        if (base != null) {
            keepRest(DirCache.read(reader, base));
        }
        if (!removed.isEmpty()) {
            throw invalid(
                    "not there to be removed: " + Shown.text(removed.iterator().next()));
        }
        entries.finish();
        ObjectId tree = index.writeTree(inserter);
        inserter.flush();
        return new TreeId(tree.name());
    }

    /** A file that was written where the base has a directory takes its place, and the other way round. */
    private void keepRest(DirCache rest) {
        for (int i = 0; i < rest.getEntryCount(); i++) {
            DirCacheEntry entry = rest.getEntry(i);
            String path = entry.getPathString();
            removed.remove(path);
            if (!leaves.contains(path) && !directories.contains(path) && !belowLeaf(path)) {
                entries.add(entry);
            }
        }
    }

    private boolean belowLeaf(String path) {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (leaves.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        reader.close();
        inserter.close();
    }

    /** The file has no name from the moment it is open, so nothing is left of it whatever happens. */
    private ObjectId spool(byte[] head, InputStream rest) throws IOException {
        Path file = scratch.resolve("airlock-" + UUID.randomUUID() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            var out = Channels.newOutputStream(channel);
            out.write(head);
            long size = head.length + rest.transferTo(out);
            return blob(size, () -> again(channel));
        }
    }

    /** The channel's content from its beginning; closing the stream leaves the channel, and so the file, as it is. */
    private static InputStream again(FileChannel channel) throws IOException {
        return new FilterInputStream(Channels.newInputStream(channel.position(0))) {
            @Override
            public void close() {}
        };
    }

    /** Hashing first is much cheaper than deflating and syncing what is there already. */
    private ObjectId blob(long size, ContentSource content) throws IOException {
        if (size < IN_MEMORY) {
            try (InputStream in = content.open()) {
                byte[] bytes = in.readAllBytes();
                return insertIfAbsent(bytes.length, () -> new ByteArrayInputStream(bytes));
            }
        }
        return insertIfAbsent(size, content);
    }

    private ObjectId insertIfAbsent(long size, ContentSource content) throws IOException {
        try (InputStream in = content.open()) {
            ObjectId id = inserter.idFor(Constants.OBJ_BLOB, size, in);
            if (reader.has(id)) {
                return id;
            }
        }
        try (InputStream in = content.open()) {
            return inserter.insert(Constants.OBJ_BLOB, size, in);
        }
    }

    private void check(String path) throws IOException {
        try {
            byte[] raw = path.getBytes(StandardCharsets.UTF_8);
            if (!path.equals(new String(raw, StandardCharsets.UTF_8))) {
                throw new CorruptObjectException("not Unicode");
            }
            names.checkPath(raw, 0, raw.length);
        } catch (CorruptObjectException e) {
            throw invalid("name refused: " + Shown.text(path) + ": " + e.getMessage());
        }
        if (!leaves.add(path) || directories.contains(path)) {
            throw invalid("two entries of one name: " + Shown.text(path));
        }
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            String parent = path.substring(0, slash);
            if (leaves.contains(parent)) {
                throw invalid("a file and a directory of one name: " + Shown.text(parent));
            }
            if (!directories.add(parent)) {
                return;
            }
        }
    }

    private static WorkspaceException invalid(String message) {
        return new WorkspaceException(WorkspaceException.Kind.INVALID, message);
    }

    private void add(String path, FileMode mode, AnyObjectId id) {
        DirCacheEntry entry = new DirCacheEntry(path.getBytes(StandardCharsets.UTF_8));
        entry.setFileMode(mode);
        entry.setObjectId(id);
        entries.add(entry);
    }
}
