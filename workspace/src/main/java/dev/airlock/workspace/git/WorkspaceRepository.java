package dev.airlock.workspace.git;

import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.id.TreeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * One guarded repository. Commits and trees that are not there are {@link WorkspaceException.Kind#NOT_FOUND}.
 *
 * <p>Safe for several processes at once: objects are only ever added, and refs change under one lock per repository. One
 * instance serves one thread; open as many as needed.
 */
public final class WorkspaceRepository implements AutoCloseable {
    private final String name;
    private final Repository repository;
    private final Refs refs;
    private final TreeReader trees;
    private final Diffs diffs;

    WorkspaceRepository(String name, Repository repository) throws IOException {
        this.name = name;
        this.repository = repository;
        this.refs = new Refs(repository);
        this.trees = new TreeReader(repository);
        this.diffs = new Diffs(repository);
    }

    public String name() {
        return name;
    }

    /** The bare repository's directory. */
    public Path directory() {
        return repository.getDirectory().toPath();
    }

    /** Guarded branches, sorted. */
    public List<String> branches() throws IOException {
        return repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                .map(ref -> ref.getName().substring(Constants.R_HEADS.length()))
                .sorted()
                .toList();
    }

    /** The branch that is live. */
    public String live() throws IOException {
        return Repository.shortenRefName(repository.getFullBranch());
    }

    public Optional<CommitId> tip(String branch) throws IOException {
        return refs.read(RefNames.branch(branch)).map(id -> new CommitId(id.name()));
    }

    public TreeId tree(CommitId commit) throws IOException {
        return new TreeId(treeOf(commit).name());
    }

    /** Meets every entry of the commit's tree. */
    public void read(CommitId commit, TreeVisitor visitor) throws IOException {
        trees.read(treeOf(commit), visitor);
    }

    /**
     * One file of the commit's tree.
     *
     * @param most bytes that are read; a larger file is {@link WorkspaceException.Kind#INVALID}
     * @return empty when there is no file (or only a link or directory) of that path
     */
    public Optional<byte[]> file(CommitId commit, String path, int most) throws IOException {
        try (TreeWalk walk = TreeWalk.forPath(repository, path, treeOf(commit))) {
            if (walk == null || !TreeReader.isFile(walk.getFileMode(0))) {
                return Optional.empty();
            }
            try (InputStream in = trees.content(walk.getObjectId(0)).open()) {
                byte[] bytes = in.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw new WorkspaceException(
                            WorkspaceException.Kind.INVALID, path + " in " + commit + " is over " + most + " bytes");
                }
                return Optional.of(bytes);
            }
        }
    }

    /** Paths of the files (not links) directly in a directory of the commit's tree; none if there is no such directory. */
    public List<String> files(CommitId commit, String directory) throws IOException {
        return trees.files(treeOf(commit), directory);
    }

    /** A new tree to write; to be closed. */
    public TreeWriter newTree() {
        return new TreeWriter(repository.newObjectInserter(), directory());
    }

    /** A new tree to write, in which everything of the base stays that is not written or removed; to be closed. */
    public TreeWriter newTreeOver(CommitId base) throws IOException {
        return new TreeWriter(repository.newObjectInserter(), directory(), treeOf(base));
    }

    /** Whether the older commit is the younger one or one of its ancestors. */
    public boolean holds(CommitId younger, CommitId older) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.isMergedInto(
                    walk.parseCommit(ObjectId.fromString(older.value())),
                    walk.parseCommit(ObjectId.fromString(younger.value())));
        }
    }

    /** Makes a tree a commit on {@code base}. Nothing refers to it until it is {@linkplain #pin pinned}. */
    public Checkpoint candidateOfTree(CommitId base, TreeId tree, Principal author, String description, Instant time)
            throws IOException {
        refuseAbsent(tree);
        return new Checkpoint(commit(base, tree, author, time, Messages.subject(description, "A change")), tree);
    }

    /**
     * Makes a directory's content a commit on {@code base}, as {@code git add --all} would see it: {@code .git} is left out at
     * every level, {@code .gitignore} is honoured except for what the base tracks, links stay links. Nothing refers to the
     * commit until it is {@linkplain #pin pinned}.
     */
    public Checkpoint candidateFromDirectory(
            CommitId base, Path directory, Principal author, String description, Instant time) throws IOException {
        try (TreeWriter writer = newTree();
                ObjectReader reader = repository.newObjectReader()) {
            new DirectoryReader(reader, writer).read(directory, treeOf(base));
            TreeId tree = writer.finish();
            return new Checkpoint(commit(base, tree, author, time, Messages.subject(description, "A change")), tree);
        }
    }

    /** Keeps the base of a run. Again with the same commit is no news; with another one a conflict. */
    public void pinBase(RunId run, CommitId base) throws IOException {
        refs.create(RefNames.base(run), existing(base));
    }

    /** The base that was kept for a run. */
    public Optional<CommitId> base(RunId run) throws IOException {
        return refs.read(RefNames.base(run)).map(id -> new CommitId(id.name()));
    }

    /** Keeps a commit as the checkpoint of a step attempt. Again with the same commit is no news; else a conflict. */
    public void pin(StepAttempt at, CommitId commit) throws IOException {
        refs.create(RefNames.checkpoint(at), existing(commit));
    }

    /**
     * Makes a commit on {@code base} and keeps it as the checkpoint of a step attempt. The same arguments give the same
     * commit, so doing it again is no news; a checkpoint with another commit is a conflict.
     */
    public CommitId checkpoint(StepAttempt at, CommitId base, TreeId tree, Principal author, Instant time)
            throws IOException {
        existing(base);
        refuseAbsent(tree);
        String message = "Checkpoint " + at.label() + "\n\nAirlock-Run: " + at.run() + "\n";
        CommitId commit = commit(base, tree, author, time, message);
        pin(at, commit);
        return commit;
    }

    /** What a step attempt left. */
    public Optional<CommitId> checkpoint(StepAttempt at) throws IOException {
        return refs.read(RefNames.checkpoint(at)).map(id -> new CommitId(id.name()));
    }

    /** Git patch id over two commits (that of {@code git patch-id --verbatim}): the same for the same change on another base. */
    public String patchId(CommitId base, CommitId candidate) throws IOException {
        return diffs.patchId(treeOf(base), treeOf(candidate));
    }

    /** Unified diff; beyond {@code maxBytes} it ends with a line that says so. */
    public String diff(CommitId base, CommitId candidate, long maxBytes) throws IOException {
        return diffs.text(treeOf(base), treeOf(candidate), maxBytes);
    }

    /** Paths that differ, in git's order. */
    public List<ChangedFile> changes(CommitId base, CommitId candidate) throws IOException {
        return trees.changes(treeOf(base), treeOf(candidate));
    }

    /** First-parent history of a branch, newest first. */
    public List<LogEntry> log(String branch, int most) throws IOException {
        ObjectId tip = refs.read(RefNames.branch(branch))
                .orElseThrow(() -> notFound("workspace " + name + " has no branch " + Shown.text(branch)));
        Map<ObjectId, RunId> promoted = promotions();
        List<LogEntry> log = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setFirstParent(true);
            walk.markStart(walk.parseCommit(tip));
            for (RevCommit commit = walk.next(); commit != null && log.size() < most; commit = walk.next()) {
                walk.parseBody(commit);
                log.add(entry(commit, promoted));
            }
        }
        return log;
    }

    @Override
    public void close() {
        repository.close();
    }

    Repository repository() {
        return repository;
    }

    Refs refs() {
        return refs;
    }

    ObjectId existing(CommitId commit) throws IOException {
        return parse(commit).getId();
    }

    ObjectId treeOf(CommitId commit) throws IOException {
        return parse(commit).getTree().getId();
    }

    RevCommit parse(CommitId commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(ObjectId.fromString(commit.value()));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            throw notFound("workspace " + name + " has no commit " + commit);
        }
    }

    private void refuseAbsent(TreeId tree) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            walk.parseTree(ObjectId.fromString(tree.value()));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            throw notFound("workspace " + name + " has no tree " + tree);
        }
    }

    private CommitId commit(CommitId base, TreeId tree, Principal author, Instant time, String message)
            throws IOException {
        CommitBuilder builder = new CommitBuilder();
        builder.setTreeId(ObjectId.fromString(tree.value()));
        builder.setParentId(ObjectId.fromString(base.value()));
        builder.setAuthor(Identities.author(author, time));
        builder.setCommitter(Identities.airlock(time));
        builder.setMessage(message);
        return write(builder);
    }

    CommitId write(CommitBuilder builder) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId id = inserter.insert(builder);
            inserter.flush();
            return new CommitId(id.name());
        }
    }

    private Map<ObjectId, RunId> promotions() throws IOException {
        Map<ObjectId, RunId> promoted = new HashMap<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix(RefNames.PROMOTIONS)) {
            promoted.put(ref.getObjectId(), new RunId(ref.getName().substring(RefNames.PROMOTIONS.length())));
        }
        return promoted;
    }

    private static LogEntry entry(RevCommit commit, Map<ObjectId, RunId> promoted) {
        return new LogEntry(
                new CommitId(commit.name()),
                new TreeId(commit.getTree().name()),
                Arrays.stream(commit.getParents())
                        .map(parent -> new CommitId(parent.name()))
                        .toList(),
                promoted.get(commit.getId()),
                Identities.show(commit.getAuthorIdent()),
                commit.getCommitterIdent().getWhenAsInstant(),
                commit.getFullMessage());
    }

    private static WorkspaceException notFound(String message) {
        return new WorkspaceException(WorkspaceException.Kind.NOT_FOUND, message);
    }
}
