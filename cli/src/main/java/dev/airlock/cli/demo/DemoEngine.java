package dev.airlock.cli.demo;

import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.dev.image.BaseImage;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.worker.SandboxEngines;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** The sandbox engine of the demo. */
final class DemoEngine {
    private static final String BASE = "base";

    private final SandboxEngines engines;
    private final Stop stop;
    private final Consumer<String> notices;

    /** @param notices takes the progress of what takes long */
    DemoEngine(StateDirectory state, Stop stop, Consumer<String> notices) {
        this.engines = new SandboxEngines(state, Stage.home());
        this.stop = stop;
        this.notices = notices;
    }

    /**
     * Chooses one and makes it ready.
     *
     * @param wanted its name; empty for the one that is ready soonest: docker where it answers and has the base image, else
     *     bubblewrap, else docker with an image that is made now
     * @throws PlatformException {@code ENGINE_ABSENT} when it is not there or cannot isolate
     */
    EngineIdentity choose(Optional<String> wanted) throws IOException {
        if (wanted.isPresent()) {
            return opened(wanted);
        }
        try (SandboxEngine docker = engines.docker()) {
            docker.image(BASE);
            return docker.identity();
        } catch (SandboxException e) {
            return e.type() == dev.airlock.workflows.failure.FailureType.IMAGE_ABSENT ? sooner() : opened(wanted);
        } catch (IOException e) {
            return opened(wanted);
        }
    }

    /** Docker answers, but its image takes a minute to make. */
    private EngineIdentity sooner() throws IOException {
        try {
            return opened(Optional.of(SandboxEngines.BUBBLEWRAP));
        } catch (PlatformException e) {
            return opened(Optional.of(SandboxEngines.DOCKER));
        }
    }

    private EngineIdentity opened(Optional<String> name) throws IOException {
        EngineIdentity identity;
        try (SandboxEngine engine = engines.open(name)) {
            identity = engine.identity();
        }
        if (identity.name().equals(SandboxEngines.DOCKER)) {
            stop.during(
                    () -> BaseImage.ensure(Stage.home(), notices),
                    () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy));
        }
        return identity;
    }

    /** To be closed. */
    static SandboxEngine open(String name, StateDirectory state) {
        return new SandboxEngines(state, Stage.home()).open(Optional.of(name));
    }
}
