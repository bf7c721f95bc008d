package dev.airlock.workspace.git;

import dev.airlock.platform.settings.Suggestions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** The guarded repositories of a state directory: bare ones, {@code NAME.git} each. Safe for several processes at once. */
public final class Workspaces {
    /** Holds the installation's own settings; it is no workspace of a user. */
    private static final String SYSTEM = "system";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String SUFFIX = ".git";

    private final Path directory;

    /** @param directory made when the first workspace is */
    public Workspaces(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes a workspace. It appears whole or not at all, also when the process is killed.
     *
     * @param from a git repository if it is bare or itself holds {@code .git} (its branches are taken over with their
     *     history, uncommitted files are not); else a directory, whose content becomes the first commit
     * @param branch the live branch; a git repository must have it
     */
    public WorkspaceRepository create(String name, Path from, String branch) throws IOException {
        check(name);
        RefNames.branch(branch);
        Files.createDirectories(directory);
        GitSettings.install();
        new Creation(directory, path(name), name).create(from, branch);
        return open(name);
    }

    /** Opens a workspace; to be closed. */
    public WorkspaceRepository open(String name) throws IOException {
        check(name);
        Path path = path(name);
        if (!Files.isDirectory(path)) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.NOT_FOUND, "no workspace " + name + "; " + meant(name));
        }
        GitSettings.install();
        return new WorkspaceRepository(name, repository(path));
    }

    private String meant(String name) throws IOException {
        return Suggestions.nearest(name, list())
                .map(near -> "did you mean " + near + "?")
                .orElse("`airlock workspace create " + name + " --from DIR` makes one");
    }

    /** Whether there is a workspace of that name; none has a name that could not be one. */
    public boolean has(String name) {
        return !name.equals(SYSTEM)
                && NAME.matcher(name).matches()
                && !name.endsWith(SUFFIX)
                && Files.isDirectory(path(name));
    }

    /** Names of all workspaces, sorted; without the installation's own. */
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return names;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path entry : entries) {
                String file = entry.getFileName().toString();
                String name = file.substring(0, file.length() - SUFFIX.length());
                if (NAME.matcher(name).matches() && !name.equals(SYSTEM)) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }

    private Path path(String name) {
        return directory.resolve(name + SUFFIX);
    }

    static Repository repository(Path path) throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(path.toFile())
                .setBare()
                .setMustExist(true)
                .build();
    }

    private static void check(String name) throws WorkspaceException {
        if (name.equals(SYSTEM)) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID, "the name system belongs to the installation; take another name");
        }
        if (!NAME.matcher(name).matches() || name.endsWith(SUFFIX)) {
            throw new WorkspaceException(
                    WorkspaceException.Kind.INVALID,
                    "not a workspace name: " + Shown.text(name)
                            + "; take up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first");
        }
    }
}
