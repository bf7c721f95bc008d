package dev.airlock.workspace.git;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * How git behaves in this process. The settings of the user and of the machine do not reach guarded repositories; what is
 * written is synced before it counts.
 */
final class GitSettings extends SystemReader.Delegate {
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private final FileBasedConfig config;

    private GitSettings(SystemReader system) {
        super(system);
        this.config = new Fixed();
        config.setBoolean("core", null, "fsyncObjectFiles", true);
        config.setBoolean("core", null, "fsyncRefFiles", true);
        // Objects above this size are streamed instead of read into memory.
        config.setString("core", null, "streamFileThreshold", "4m");
    }

    /**
     * Once per process, before the first repository is opened. Measuring the file system's clock takes seconds; it is done
     * beside, in {@code directory}, and until then git assumes a coarse clock, which is safe.
     */
    static void install(Path directory) {
        if (INSTALLED.compareAndSet(false, true)) {
            SystemReader.setInstance(new GitSettings(SystemReader.getInstance()));
            FS.FileStoreAttributes.setBackground(true);
        }
        FS.getFileStoreAttributes(directory);
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return config;
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return config;
    }

    @Override
    public FileBasedConfig getUserConfig() {
        return config;
    }

    @Override
    public FileBasedConfig getSystemConfig() {
        return config;
    }

    /** Has no file. */
    private static final class Fixed extends FileBasedConfig {
        Fixed() {
            super(new File("/dev/null"), FS.DETECTED);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
