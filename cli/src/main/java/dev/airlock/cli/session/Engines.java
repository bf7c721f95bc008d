package dev.airlock.cli.session;

import dev.airlock.activities.sandbox.BubblewrapSandboxEngine;
import dev.airlock.activities.sandbox.DockerSandboxEngine;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.SandboxUnreachable;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.worker.SandboxEngines;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engine of this machine, for commands that ask it something themselves. */
public final class Engines {
    private Engines() {}

    /** To be closed. */
    public static DockerSandboxEngine docker(StateDirectory state) throws IOException {
        return new SandboxEngines(state, DevEnvironment.home()).docker();
    }

    /** To be closed. */
    public static BubblewrapSandboxEngine bubblewrap(StateDirectory state) throws IOException {
        return new SandboxEngines(state, DevEnvironment.home()).bubblewrap();
    }

    /**
     * The name of the engine that registers an image which does not say by itself: the wanted one, else the one that the state
     * directory's {@code dev} uses, else docker when it answers, else bubblewrap.
     */
    public static String nameOf(@Nullable String wanted, StateDirectory state) throws IOException {
        if (wanted != null) {
            return wanted;
        }
        Optional<String> used = used(state);
        if (used.isPresent()) {
            return used.get();
        }
        try (SandboxEngine any = new SandboxEngines(state, DevEnvironment.home()).open(Optional.empty())) {
            return any.identity().name();
        }
    }

    private static Optional<String> used(StateDirectory state) {
        try {
            return Optional.ofNullable(Endpoints.read(state).engine()).map(EngineIdentity::name);
        } catch (PlatformException e) {
            return Optional.empty();
        }
    }

    /** @param what was being done, for the message */
    public static AirlockException translate(IOException e, String what, String subject) {
        return switch (e) {
            case SandboxUnreachable unreachable ->
                new AirlockException(
                                ErrorCode.ENGINE_ABSENT,
                                "no docker daemon answers: " + unreachable.getMessage(),
                                "docker",
                                "start it, or run ./airlock setup --docker")
                        .causedBy(e);
            case SandboxException refused ->
                new AirlockException(code(refused), String.valueOf(refused.getMessage()), subject, null).causedBy(e);
            default -> Translations.of(e, what, subject);
        };
    }

    private static ErrorCode code(SandboxException refused) {
        return switch (refused.type()) {
            case IMAGE_ABSENT -> ErrorCode.IMAGE_ABSENT;
            case ISOLATION_REFUSED -> ErrorCode.ENGINE_ABSENT;
            case CONFLICT, NETWORK_REFUSED, TOPIC_REFUSED -> ErrorCode.USAGE;
            case TOO_LARGE -> ErrorCode.TOO_LARGE;
            case CORRUPT -> ErrorCode.TAMPERED;
            case UNAVAILABLE, DETACHED -> ErrorCode.UNAVAILABLE;
            case INTERNAL -> ErrorCode.INTERNAL;
        };
    }
}
