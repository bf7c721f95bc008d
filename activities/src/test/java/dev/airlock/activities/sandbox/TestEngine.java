package dev.airlock.activities.sandbox;

import java.nio.file.Path;

/** The engines that tests run on. A test that needs one fails without it. */
enum TestEngine {
    DOCKER {
        @Override
        SandboxEngine open(String installation, Path directory) throws Exception {
            return TestDocker.shared().engine(installation, directory);
        }
    },
    /** With limits held as this host can hold them best. */
    BUBBLEWRAP {
        @Override
        SandboxEngine open(String installation, Path directory) throws Exception {
            return TestBubblewrap.engine(installation, directory);
        }
    },
    /** As where no cgroups can be made. */
    BUBBLEWRAP_WITHOUT_CGROUPS {
        @Override
        SandboxEngine open(String installation, Path directory) throws Exception {
            return TestBubblewrap.engine(installation, directory, false);
        }
    };

    abstract SandboxEngine open(String installation, Path directory) throws Exception;
}
