package dev.airlock.activities.sandbox;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on processes of this host, and what only bubblewrap has. */
class BubblewrapSandboxEngineIT extends SandboxEngineContract {
    @TempDir
    Path directory;

    @Override
    SandboxEngine connect(String installation) throws Exception {
        return TestBubblewrap.engine(installation, directory);
    }
}
