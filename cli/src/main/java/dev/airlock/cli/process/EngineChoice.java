package dev.airlock.cli.process;

import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.image.BaseImage;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.worker.SandboxEngines;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Which engine isolates the sandboxes of a {@code dev}, made ready for use. */
final class EngineChoice {
    private EngineChoice() {}

    /**
     * Chooses it once for all processes of that {@code dev}.
     *
     * @param wanted its name; empty for docker when it answers, else bubblewrap
     * @param notices takes lines for a person
     * @throws PlatformException {@code ENGINE_ABSENT} when it is not there or cannot isolate
     */
    static EngineIdentity make(Optional<String> wanted, StateDirectory state, Consumer<String> notices) {
        Path home = DevEnvironment.home();
        EngineIdentity identity;
        try (SandboxEngine engine = new SandboxEngines(state, home).open(wanted)) {
            identity = engine.identity();
        } catch (IOException e) {
            throw PlatformException.of(
                    PlatformException.Code.UNAVAILABLE,
                    "the sandbox engine cannot be closed: " + e.getMessage(),
                    "engine",
                    "try again",
                    e);
        }
        if (identity.name().equals(SandboxEngines.DOCKER)) {
            BaseImage.ensure(home, notices);
        } else {
            notices.accept((wanted.isEmpty() ? "no Docker engine answers: " : "")
                    + "sandboxes are bubblewrap's, which isolates less than Docker (docs/security.md); limits are held by "
                    + limits(identity));
        }
        return identity;
    }

    private static String limits(EngineIdentity identity) {
        return identity.tier().equals("bubblewrap-cgroup")
                ? "a cgroup for each"
                : "sandbox-init and rlimits: processor time is shared, and memory is looked at, not fenced";
    }
}
