package dev.airlock.activities.sandbox;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real docker daemon. */
class DockerSandboxEngineIT extends SandboxEngineContract {
    @TempDir
    Path directory;

    @Override
    SandboxEngine connect(String installation) throws Exception {
        return TestDocker.shared().engine(installation, directory);
    }
}
