package dev.airlock.workspace.git;

import dev.airlock.evidence.checkpoint.CheckpointStore;
import dev.airlock.workspace.git.Refs.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.BundleWriter;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TransportBundleStream;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/**
 * The guarded repository {@code system}, which belongs to the installation and is no workspace. Its branch
 * {@code checkpoints} holds the audit trail's checkpoints; each commit has the one before as its only parent.
 *
 * <p>Safe for several processes at once; one instance serves one thread.
 */
public final class SystemRepository implements CheckpointStore, AutoCloseable {
    private static final String BRANCH = Constants.R_HEADS + "checkpoints";

    private static final String OURS = "audit/";
    /** Bytes of a file: heads of half a million chains. */
    private static final int LARGEST = 64 * 1024 * 1024;

    private final Repository repository;
    private final Refs refs;

    private SystemRepository(Repository repository) throws IOException {
        this.repository = repository;
        this.refs = new Refs(repository);
    }

    /**
     * The one beside the workspaces; made if it is not there.
     *
     * @param workspaces the directory of the guarded repositories
     */
    public static SystemRepository in(Path workspaces) throws IOException {
        GitSettings.install();
        Path path = workspaces.resolve("system.git");
        if (!Files.isDirectory(path)) {
            Files.createDirectories(workspaces);
            new Creation(workspaces, path, "system").createEmpty(BRANCH);
        }
        return new SystemRepository(Workspaces.repository(path));
    }

    /**
     * A copy of the history of checkpoints that {@link #writeBundle} made.
     *
     * @param directory empty; belongs to the copy
     * @throws IOException if it is no such bundle, or not whole
     */
    public static SystemRepository ofBundle(InputStream bundle, Path directory) throws IOException {
        GitSettings.install();
        new Creation(directory, directory.resolve("system.git"), "system").createEmpty(BRANCH);
        Repository copy = Workspaces.repository(directory.resolve("system.git"));
        try (TransportBundleStream transport = new TransportBundleStream(copy, new URIish("bundle"), bundle)) {
            transport.setCheckFetchedObjects(true);
            transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec(BRANCH + ":" + BRANCH)));
            return new SystemRepository(copy);
        } catch (URISyntaxException | RuntimeException e) {
            copy.close();
            throw new IOException("not a git bundle: " + e.getMessage(), e);
        } catch (IOException e) {
            copy.close();
            throw e;
        }
    }

    /** Writes the history up to a checkpoint as a git bundle, which {@code git clone} takes too. */
    public void writeBundle(String commit, OutputStream out) throws IOException {
        BundleWriter writer = new BundleWriter(repository);
        writer.include(BRANCH, ObjectId.fromString(commit));
        writer.writeBundle(NullProgressMonitor.INSTANCE, out);
    }

    @Override
    public Optional<String> tip() throws IOException {
        return refs.read(BRANCH).map(ObjectId::name);
    }

    @Override
    public Optional<byte[]> read(String commit, String path) throws IOException {
        try (RevWalk walk = new RevWalk(repository);
                TreeWalk file = TreeWalk.forPath(
                        repository,
                        path,
                        walk.parseCommit(ObjectId.fromString(commit)).getTree())) {
            return file == null || !TreeReader.isFile(file.getFileMode(0))
                    ? Optional.empty()
                    : content(file.getObjectId(0));
        }
    }

    /** Of a file that is too large to be ours no more than its absence is told. */
    private Optional<byte[]> content(ObjectId blob) throws IOException {
        try {
            return Optional.of(repository.open(blob, Constants.OBJ_BLOB).getBytes(LARGEST));
        } catch (LargeObjectException e) {
            return Optional.empty();
        }
    }

    @Override
    public void history(Visitor visitor) throws IOException {
        try (RevWalk walk = new RevWalk(repository);
                ObjectReader reader = repository.newObjectReader()) {
            ObjectId tip = refs.read(BRANCH).orElse(null);
            if (tip == null) {
                return;
            }
            walk.setFirstParent(true);
            walk.sort(RevSort.TOPO);
            walk.sort(RevSort.REVERSE, true);
            walk.markStart(walk.parseCommit(tip));
            RevCommit before = null;
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                visitor.visit(commit.name(), changes(reader, before, commit));
                before = commit;
            }
        }
    }

    private Map<String, byte[]> changes(ObjectReader reader, @Nullable RevCommit before, RevCommit commit)
            throws IOException {
        Map<String, byte[]> changed = new HashMap<>();
        try (TreeWalk walk = new TreeWalk(repository, reader)) {
            walk.setRecursive(true);
            walk.addTree(commit.getTree());
            if (before != null) {
                walk.addTree(before.getTree());
                walk.setFilter(TreeFilter.ANY_DIFF);
            }
            while (walk.next()) {
                if (TreeReader.isFile(walk.getFileMode(0))
                        && walk.getPathString().startsWith(OURS)) {
                    String path = walk.getPathString();
                    content(walk.getObjectId(0)).ifPresent(content -> changed.put(path, content));
                }
            }
        }
        return changed;
    }

    @Override
    public Optional<String> append(@Nullable String parent, Map<String, byte[]> files, Instant time, String message)
            throws IOException {
        ObjectId commit = commit(parent, files, time, message);
        ObjectId before = parent == null ? ObjectId.zeroId() : ObjectId.fromString(parent);
        return refs.transact(() -> {
            ObjectId tip = refs.read(BRANCH).orElse(ObjectId.zeroId());
            return tip.equals(before)
                    ? new Step<>(Optional.of(commit.name()), List.of(new ReceiveCommand(before, commit, BRANCH)))
                    : new Step<>(Optional.empty(), List.of());
        });
    }

    private ObjectId commit(@Nullable String parent, Map<String, byte[]> files, Instant time, String message)
            throws IOException {
        CommitBuilder commit = new CommitBuilder();
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            Map<String, ObjectId> entries = parent == null ? new HashMap<>() : entries(parent);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                entries.put(file.getKey(), inserter.insert(Constants.OBJ_BLOB, file.getValue()));
            }
            commit.setTreeId(tree(entries, inserter));
            if (parent != null) {
                commit.setParentId(ObjectId.fromString(parent));
            }
            commit.setAuthor(Identities.airlock(time));
            commit.setCommitter(Identities.airlock(time));
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    private Map<String, ObjectId> entries(String commit) throws IOException {
        Map<String, ObjectId> entries = new HashMap<>();
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.setRecursive(true);
            walk.addTree(commits.parseCommit(ObjectId.fromString(commit)).getTree());
            while (walk.next()) {
                entries.put(walk.getPathString(), walk.getObjectId(0));
            }
        }
        return entries;
    }

    private static ObjectId tree(Map<String, ObjectId> entries, ObjectInserter inserter) throws IOException {
        DirCache index = DirCache.newInCore();
        DirCacheBuilder builder = index.builder();
        List<String> paths = new ArrayList<>(entries.keySet());
        paths.sort(null);
        for (String path : paths) {
            DirCacheEntry entry = new DirCacheEntry(path);
            entry.setFileMode(FileMode.REGULAR_FILE);
            entry.setObjectId(entries.get(path));
            builder.add(entry);
        }
        builder.finish();
        return index.writeTree(inserter);
    }

    @Override
    public void close() {
        repository.close();
    }
}
