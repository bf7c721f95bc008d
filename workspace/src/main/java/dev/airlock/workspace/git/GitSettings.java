package dev.airlock.workspace.git;

import java.io.File;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * How git behaves in this process. The settings of the user and of the machine do not reach guarded repositories, and git
 * writes none of its own below the user's home.
 */
final class GitSettings extends SystemReader.Delegate {
    private static final AtomicBoolean INSTALLED = new AtomicBoolean();

    private final FileBasedConfig config = new Fixed();

    private GitSettings(SystemReader system) {
        super(system);
    }

    /** Once per process, before the first repository is opened. */
    static void install() {
        if (INSTALLED.compareAndSet(false, true)) {
            SystemReader.setInstance(new GitSettings(SystemReader.getInstance()));
        }
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return config;
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return config;
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
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

    @Override
    public FileBasedConfig getJGitConfig() {
        return config;
    }

    /** Has no file. */
    private static final class Fixed extends FileBasedConfig {
        Fixed() {
            super(new File("/dev/null"), FS.DETECTED);
            setBoolean("core", null, "fsyncObjectFiles", true);
            setBoolean("core", null, "fsyncRefFiles", true);
            // Objects above this size are streamed instead of read into memory.
            setString("core", null, "streamFileThreshold", "4m");
            // Deflating is what takes time, and space is cheap.
            setInt("core", null, "compression", 1);
            // Nothing is collected behind our back, and nothing runs on after a call has returned.
            setInt("gc", null, "auto", 0);
            setBoolean("gc", null, "autoDetach", false);
        }

        /**
         * Git would measure each file system's clock for seconds and keep the result below the user's home. Taken for coarse,
         * a file that changed lately is read once more than needed, and no change is missed.
         */
        @Override
        public @Nullable String getString(String section, @Nullable String subsection, String name) {
            if (!section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)) {
                return super.getString(section, subsection, name);
            }
            return switch (name) {
                case ConfigConstants.CONFIG_KEY_TIMESTAMP_RESOLUTION, ConfigConstants.CONFIG_KEY_MIN_RACY_THRESHOLD ->
                    "2000 milliseconds";
                default -> null;
            };
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
