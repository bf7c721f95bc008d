package dev.airlock.worker;

import dev.airlock.activities.sandbox.BubblewrapSandboxEngine;
import dev.airlock.activities.sandbox.DockerSandboxEngine;
import dev.airlock.activities.sandbox.EngineOwner;
import dev.airlock.activities.sandbox.ImageRegistry;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.SandboxUnreachable;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The sandbox engines that there are, by name. What they need of the environment is read here: {@code DOCKER_HOST},
 * {@code AIRLOCK_RUNTIME}, {@code AIRLOCK_CGROUPS} ({@code no}: none for bubblewrap's sandboxes).
 */
public final class SandboxEngines {
    public static final String DOCKER = "docker";
    public static final String BUBBLEWRAP = "bubblewrap";

    private static final String DEFAULT_RUNTIME = "runc";

    private final StateDirectory state;
    private final Path programs;
    private final String runtime;

    /** @param home where Airlock is installed; {@code sandbox-init/target} lies below it */
    public SandboxEngines(StateDirectory state, Path home) {
        this.state = state;
        this.programs = home.resolve("sandbox-init/target");
        this.runtime = System.getenv().getOrDefault("AIRLOCK_RUNTIME", DEFAULT_RUNTIME);
    }

    private SandboxEngines(SandboxEngines other, String runtime) {
        this.state = other.state;
        this.programs = other.programs;
        this.runtime = runtime;
    }

    /** The same, with docker's sandboxes on that runtime, whatever the environment says. */
    public SandboxEngines on(String wanted) {
        return new SandboxEngines(this, wanted);
    }

    /**
     * Opens an engine; to be closed.
     *
     * @param wanted its name; empty for docker when it answers, else bubblewrap
     * @throws PlatformException {@code ENGINE_ABSENT} when it is not there or cannot isolate, with the mend
     */
    public SandboxEngine open(Optional<String> wanted) {
        requireInit();
        if (wanted.isEmpty()) {
            return openAny();
        }
        return switch (wanted.get()) {
            case DOCKER -> {
                try {
                    yield docker();
                } catch (IOException e) {
                    throw absent(e, DOCKER);
                }
            }
            case BUBBLEWRAP -> openBubblewrap("");
            default ->
                throw PlatformException.of(
                        PlatformException.Code.ENGINE_ABSENT,
                        "there is no engine " + wanted.get(),
                        wanted.get(),
                        "write --engine docker or --engine bubblewrap");
        };
    }

    private SandboxEngine openAny() {
        try {
            return docker();
        } catch (SandboxUnreachable e) {
            return openBubblewrap("no docker daemon answers, and ");
        } catch (IOException e) {
            throw absent(e, DOCKER);
        }
    }

    private SandboxEngine openBubblewrap(String before) {
        try {
            return bubblewrap();
        } catch (IOException e) {
            throw PlatformException.of(
                    PlatformException.Code.ENGINE_ABSENT,
                    before + e.getMessage(),
                    BUBBLEWRAP,
                    "see docs/operations.md",
                    e);
        }
    }

    private void requireInit() {
        Path init = programs.resolve("sandbox-init");
        if (!Files.isExecutable(init)) {
            throw PlatformException.of(
                    PlatformException.Code.ENGINE_ABSENT,
                    "sandbox-init has not been built: " + init + " is missing",
                    init.toString(),
                    "run ./airlock setup");
        }
    }

    private static PlatformException absent(IOException e, String engine) {
        if (e instanceof SandboxUnreachable) {
            return PlatformException.of(
                    PlatformException.Code.ENGINE_ABSENT,
                    "no docker daemon answers: " + e.getMessage(),
                    engine,
                    "start it, run ./airlock setup --docker, or take --engine bubblewrap",
                    e);
        }
        boolean refused = e instanceof SandboxException;
        return PlatformException.of(
                refused ? PlatformException.Code.ENGINE_ABSENT : PlatformException.Code.UNAVAILABLE,
                refused ? String.valueOf(e.getMessage()) : "the sandbox engine cannot be used: " + e,
                engine,
                "see docs/operations.md",
                e);
    }

    /** To be closed. */
    public DockerSandboxEngine docker() throws IOException {
        return DockerSandboxEngine.connect(new DockerSandboxEngine.Options(
                null,
                runtime,
                programs.resolve("sandbox-init"),
                new ImageRegistry(state.images()),
                new EngineOwner(state.installation(), state.secret())));
    }

    /** To be closed. */
    public BubblewrapSandboxEngine bubblewrap() throws IOException {
        return BubblewrapSandboxEngine.open(new BubblewrapSandboxEngine.Options(
                programs,
                state.sandboxes(),
                new ImageRegistry(state.images()),
                !"no".equals(System.getenv("AIRLOCK_CGROUPS")),
                new EngineOwner(state.installation(), state.secret())));
    }
}
