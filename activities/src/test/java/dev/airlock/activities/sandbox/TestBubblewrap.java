package dev.airlock.activities.sandbox;

import java.io.IOException;
import java.nio.file.Path;

/** Bubblewrap for tests; a test that needs it fails without it. */
final class TestBubblewrap {
    private TestBubblewrap() {}

    /** Limits as this host can hold them best. */
    static BubblewrapSandboxEngine engine(String installation, Path directory) throws IOException {
        return engine(installation, directory, true);
    }

    static BubblewrapSandboxEngine engine(String installation, Path directory, boolean cgroups) throws IOException {
        return BubblewrapSandboxEngine.open(new BubblewrapSandboxEngine.Options(
                TestDocker.sandboxInit().resolveSibling(""),
                directory.resolve("sandboxes"),
                new ImageRegistry(directory.resolve("images")),
                cgroups,
                TestDocker.owner(installation, directory)));
    }
}
