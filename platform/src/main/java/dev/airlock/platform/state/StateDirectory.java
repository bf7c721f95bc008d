package dev.airlock.platform.state;

import dev.airlock.platform.failure.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a state directory: all that one installation keeps on this machine.
 *
 * <p>Making one of these touches nothing; {@link #create()} makes the directories, for the owner alone. Safe for several
 * processes at once.
 */
public final class StateDirectory {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path root;
    private final @Nullable String installationOverride;

    /** The state directory at {@code root}; {@code AIRLOCK_INSTALLATION} names the installation if it is set. */
    public StateDirectory(Path root) {
        this(root, System.getenv());
    }

    StateDirectory(Path root, Map<String, String> environment) {
        this.root = root.toAbsolutePath().normalize();
        this.installationOverride = environment.get("AIRLOCK_INSTALLATION");
    }

    /** One of an installation of its own, whatever {@code AIRLOCK_INSTALLATION} says: what is done to it touches no other. */
    public static StateDirectory apart(Path root) {
        return new StateDirectory(root, Map.of());
    }

    /** The one that a command without {@code --state} uses. */
    public static StateDirectory byDefault() {
        return new StateDirectory(defaultRoot(System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    /** {@code $AIRLOCK_STATE}, else {@code airlock} in the XDG state directory. */
    static Path defaultRoot(Map<String, String> environment, Path home) {
        String own = environment.getOrDefault("AIRLOCK_STATE", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        // The XDG specification: a relative path is invalid and must be ignored.
        Path base = xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".local/state");
        return base.resolve("airlock");
    }

    /** Makes what is missing of the directory and its parts. */
    public StateDirectory create() {
        try {
            makePrivate(root);
            for (Path part : new Path[] {
                workspaces(),
                artifacts(),
                output(),
                images(),
                sandboxes(),
                temporal(),
                kafka(),
                logs(),
                locks(),
                processes()
            }) {
                makePrivate(part);
            }
        } catch (IOException | UnsupportedOperationException e) {
            throw PlatformException.of(
                    PlatformException.Code.USAGE,
                    "the state directory " + root + " cannot be made: " + e,
                    root.toString(),
                    "name another with --state DIR or AIRLOCK_STATE",
                    e);
        }
        return this;
    }

    private static void makePrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        FileAttribute<Set<PosixFilePermission>> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Files.createDirectories(directory, ownerOnly);
    }

    /**
     * The installation's id: {@code AIRLOCK_INSTALLATION}, else what the first caller drew and wrote down.
     *
     * <p>Several processes that ask at once get the same answer.
     */
    public String installation() {
        return Installation.of(root.resolve("installation"), installationOverride);
    }

    /** What only this installation's processes know; the first caller draws it. */
    public InstallationSecret secret() {
        return InstallationSecret.keptIn(root.resolve("secret"));
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** Held by the {@code dev} that serves on this directory. */
    public Path lock() {
        return root.resolve("lock");
    }

    /** Where the servers are; see {@link Endpoints}. */
    public Path endpoints() {
        return root.resolve("endpoints.json");
    }

    /** The file of settings, which need not exist. */
    public Path settings() {
        return root.resolve("settings.properties");
    }

    /** Bare repositories, {@code NAME.git}. */
    public Path workspaces() {
        return root.resolve("workspaces");
    }

    /** The artifact store. */
    public Path artifacts() {
        return root.resolve("artifacts");
    }

    /** Live output of commands, {@code RUN/STEP/ATTEMPT}. */
    public Path output() {
        return root.resolve("output");
    }

    /** Registered images, {@code NAME.json}. */
    public Path images() {
        return root.resolve("images");
    }

    /** Sandboxes that are processes of this machine, a directory each. */
    public Path sandboxes() {
        return root.resolve("sandboxes");
    }

    /** Changes of settings that are not on the audit trail yet; made with the first. */
    public Path pendingChanges() {
        return root.resolve("pending-changes");
    }

    /** The dev server's database. */
    public Path temporal() {
        return root.resolve("temporal");
    }

    /** The embedded broker's log directories. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** Log files. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** One lock file per container daemon, held by its worker. */
    public Path locks() {
        return root.resolve("locks");
    }

    /** Who runs: {@code NAME.json}, see {@link ProcessRecord}. */
    public Path processes() {
        return root.resolve("processes");
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
