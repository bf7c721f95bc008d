package dev.airlock.activities.validate;

import dev.airlock.activities.validate.Change.Entry;
import dev.airlock.activities.validate.Change.Kind;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workspace.git.ChangedFile;
import dev.airlock.workspace.git.ContentSource;
import dev.airlock.workspace.git.TreeVisitor;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a candidate changes in a workspace. Good for as long as the repository is open, in one thread. */
final class CandidateChanges {
    private final WorkspaceRepository repository;
    private final CommitId base;
    private final List<ChangedFile> files;

    /** Content in the base, of paths that are also in the candidate; found when the first one is read. */
    private @Nullable Map<String, ContentSource> before;

    CandidateChanges(WorkspaceRepository repository, CommitId base, CommitId candidate) throws IOException {
        this.repository = repository;
        this.base = base;
        this.files = repository.changes(base, candidate);
    }

    List<Change> list() {
        return files.stream().map(this::change).toList();
    }

    private Change change(ChangedFile file) {
        String path = file.path();
        return new Change(
                path,
                entry(file.oldMode(), () -> inBase(path)),
                entry(file.newMode(), () -> file.content().open()),
                file.size());
    }

    private static @Nullable Entry entry(ChangedFile.Mode mode, Change.Content content) {
        return switch (mode) {
            case ABSENT -> null;
            case FILE -> new Entry(Kind.FILE, content);
            case EXECUTABLE -> new Entry(Kind.EXECUTABLE, content);
            case LINK -> new Entry(Kind.LINK, content);
            case MODULE -> new Entry(Kind.SUBMODULE, content);
        };
    }

    private InputStream inBase(String path) throws IOException {
        if (before == null) {
            before = readBase();
        }
        ContentSource content = before.get(path);
        return content == null ? InputStream.nullInputStream() : content.open();
    }

    private Map<String, ContentSource> readBase() throws IOException {
        Set<String> wanted = new HashSet<>();
        files.forEach(each -> wanted.add(each.path()));
        Map<String, ContentSource> found = new HashMap<>();
        repository.read(base, new TreeVisitor() {
            @Override
            public void directory(String path) {}

            @Override
            public void file(String path, boolean executable, long size, ContentSource content) {
                if (wanted.contains(path)) {
                    found.put(path, content);
                }
            }

            @Override
            public void link(String path, byte[] target) {}
        });
        return found;
    }
}
