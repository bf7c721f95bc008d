package dev.airlock.workspace.git;

import dev.airlock.workflows.id.TreeId;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.FileUtils;
import org.jspecify.annotations.Nullable;

/** Makes a workspace beside its place and renames it there, so that it is whole or absent. */
final class Creation {
    private static final String UNFINISHED = ".creating-";
    /** What cannot be removed now is removed by the next one. */
    private static final int QUIETLY = FileUtils.RECURSIVE | FileUtils.SKIP_MISSING | FileUtils.IGNORE_ERRORS;

    private final Path directory;
    private final Path place;
    private final String name;

    Creation(Path directory, Path place, String name) {
        this.directory = directory;
        this.place = place;
        this.name = name;
    }

    /** Makes one without a commit, unless another process has made it meanwhile. */
    void createEmpty(String head) throws IOException {
        new RefLock(directory).hold(() -> {
            if (!Files.exists(place)) {
                moveIntoPlace(unfinished -> {
                    Files.createDirectory(unfinished);
                    initialise(unfinished, head).close();
                });
            }
            return place;
        });
    }

    /** One at a time, so what another one left unfinished is nobody's any more. */
    void create(Path from, String branch) throws IOException {
        new RefLock(directory).hold(() -> {
            refuseExisting();
            moveIntoPlace(unfinished -> fill(unfinished, from, branch));
            return place;
        });
    }

    /** Makes a repository in a directory that does not exist yet. */
    private interface Fill {
        void in(Path unfinished) throws IOException;
    }

    private void moveIntoPlace(Fill fill) throws IOException {
        removeUnfinished();
        Path unfinished = directory.resolve(UNFINISHED + UUID.randomUUID());
        try {
            fill.in(unfinished);
            sync(unfinished.resolve("objects/pack"));
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            force(directory);
        } finally {
            FileUtils.delete(unfinished.toFile(), QUIETLY);
        }
    }

    private void refuseExisting() throws WorkspaceException {
        if (Files.exists(place)) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.EXISTS, "workspace " + name + " is there already; take another name");
        }
    }

    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
            for (Path path : left) {
                FileUtils.delete(path.toFile(), FileUtils.RECURSIVE | FileUtils.SKIP_MISSING);
            }
        }
    }

    private void fill(Path path, Path from, String branch) throws IOException {
        Path git = gitDirectory(from);
        Files.createDirectory(path);
        try (Repository repository = initialise(path, RefNames.branch(branch))) {
            if (git == null) {
                firstCommit(repository, from, branch);
                return;
            }
            takeOver(repository, from, git, branch);
        }
    }

    private static Repository initialise(Path path, String head) throws IOException {
        Repository repository =
                new FileRepositoryBuilder().setGitDir(path.toFile()).setBare().build();
        repository.create(true);
        configure(repository.getConfig());
        RefUpdate link = repository.updateRef(Constants.HEAD);
        link.disableRefLog();
        link.link(head);
        return repository;
    }

    /** The repository that {@code from} is, or absent if it is a plain directory. Its parents are not looked at. */
    private static @Nullable Path gitDirectory(Path from) throws IOException {
        if (!Files.isDirectory(from)) {
            throw new WorkspaceException(WorkspaceException.Kind.NOT_FOUND, "no directory: " + from);
        }
        if (Files.exists(from.resolve(".git"))) {
            return from.resolve(".git");
        }
        return RepositoryCache.FileKey.isGitRepository(from.toFile(), FS.DETECTED) ? from : null;
    }

    private static void configure(StoredConfig config) throws IOException {
        // For whoever uses git itself here: no hook runs, and no object is collected behind our back.
        config.setString("core", null, "hooksPath", "/dev/null");
        config.setInt("gc", null, "auto", 0);
        config.save();
    }

    private static void firstCommit(Repository repository, Path from, String branch) throws IOException {
        ObjectDirectory objects = (ObjectDirectory) repository.getObjectDatabase();
        Path scratch = repository.getDirectory().toPath();
        TreeId tree;
        try (TreeWriter writer = new TreeWriter(objects.newPackInserter(), scratch);
                ObjectReader reader = repository.newObjectReader()) {
            new DirectoryReader(reader, writer).read(from, null);
            tree = writer.finish();
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(ObjectId.fromString(tree.value()));
        commit.setAuthor(Identities.airlock(now));
        commit.setCommitter(Identities.airlock(now));
        commit.setMessage("Start the workspace\n");
        ObjectId id;
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            id = inserter.insert(commit);
            inserter.flush();
        }
        new Refs(repository).create(RefNames.branch(branch), id);
    }

    private static void takeOver(Repository repository, Path from, Path git, String branch) throws IOException {
        try (Repository source = open(from, git);
                Transport transport = Transport.open(
                        repository, new URIish(source.getDirectory().toURI().toString()))) {
            List<String> branches = source.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                    .map(ref -> ref.getName().substring(Constants.R_HEADS.length()))
                    .toList();
            if (!branches.contains(branch)) {
                throw noBranch(from, branch, branches);
            }
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec("+refs/heads/*:refs/heads/*")));
        } catch (URISyntaxException | NotSupportedException | TransportException e) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID,
                    "cannot read the git repository " + from + ": " + e.getMessage(),
                    e);
        }
    }

    private static Repository open(Path from, Path git) throws IOException {
        var builder = new FileRepositoryBuilder().setMustExist(true);
        File directory = from.toFile();
        return (git.equals(from) ? builder.setGitDir(directory).setBare() : builder.setWorkTree(directory)).build();
    }

    private static WorkspaceException noBranch(Path from, String branch, List<String> branches) {
        if (branches.isEmpty()) {
            return new WorkspaceException(
                    WorkspaceException.Kind.NOT_FOUND,
                    "the git repository " + from + " has no commit yet; commit its files first");
        }
        return new WorkspaceException(
                WorkspaceException.Kind.NOT_FOUND,
                "the git repository " + from + " has no branch " + Shown.text(branch)
                        + "; name one of its own with --branch: "
                        + String.join(", ", branches.subList(0, Math.min(10, branches.size()))));
    }

    /** Packs are written without a sync of their own. */
    private static void sync(Path packs) throws IOException {
        try (Stream<Path> files = Files.list(packs)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                force(file);
            }
        }
        force(packs);
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
