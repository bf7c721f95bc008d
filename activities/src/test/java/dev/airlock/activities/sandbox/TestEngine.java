package dev.airlock.activities.sandbox;

import java.nio.file.Path;

/** The engines that tests run on. A test that needs one fails without it. */
public enum TestEngine {
    DOCKER {
        @Override
        public SandboxEngine open(String installation, Path directory) throws Exception {
            return TestDocker.shared().engine(installation, directory);
        }
    },
    /** With limits held as this host can hold them best. */
    BUBBLEWRAP {
        @Override
        public SandboxEngine open(String installation, Path directory) throws Exception {
            return TestBubblewrap.engine(installation, directory);
        }
    },
    /** As where no cgroups can be made. */
    BUBBLEWRAP_WITHOUT_CGROUPS {
        @Override
        public SandboxEngine open(String installation, Path directory) throws Exception {
            return TestBubblewrap.engine(installation, directory, false);
        }
    };

    public abstract SandboxEngine open(String installation, Path directory) throws Exception;
}
