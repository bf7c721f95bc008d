package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.activities.sandbox.SandboxGone.Death;
import dev.airlock.activities.sandbox.init.NoAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Why a container ended without a verdict. Out of memory is the workload's doing by the daemon's word; gone, or ended in a
 * way that only a daemon, a host or our own protocol brings about, is not; everything else may be.
 */
final class DockerDeaths {
    private static final Duration SETTLE = Duration.ofMillis(1500);
    private static final Duration STEP = Duration.ofMillis(250);
    /** A daemon that was told to stop answers for so long after the end of its containers, on a busy machine. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
    /** What docker writes down when it could not see the end: it was restarted meanwhile. */
    private static final int UNSEEN = 255;
    /** sandbox-init's own: released, could not start, deadline passed, never leased. */
    private static final int RELEASED = 0;

    private static final int NOT_STARTED = 3;
    private static final int LEASE_OVER = 70;
    private static final int NEVER_LEASED = 71;

    private final DockerConnection docker;

    DockerDeaths(DockerConnection docker) {
        this.docker = docker;
    }

    /** Says whether silence means death; the daemon may need a moment to notice it. */
    IOException explain(String name, NoAnswer silence) throws IOException {
        for (Duration waited = Duration.ZERO; waited.compareTo(SETTLE) < 0; waited = waited.plus(STEP)) {
            Optional<JsonNode> found = docker.get("/containers/" + name + "/json");
            if (found.isEmpty()) {
                return removed(name);
            }
            JsonNode state = found.get().path("State");
            if (!state.path("Running").asBoolean()) {
                return of(name, state);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        return SandboxUnreachable.silent("process 1 of " + name + " does not answer: " + silence.getMessage(), silence);
    }

    /** @throws SandboxUnreachable when the daemon goes away while we look: then the end was its doing */
    SandboxGone of(String name, JsonNode state) throws IOException {
        int code = state.path("ExitCode").asInt();
        String detail = name + " ended with exit code " + code + " and no verdict"
                + (state.path("Error").asText().isEmpty()
                        ? ""
                        : ": " + state.path("Error").asText());
        if (state.path("Status").asText().equals("removing")) {
            return removed(name);
        }
        if (state.path("OOMKilled").asBoolean()) {
            return new SandboxGone(Death.OUT_OF_MEMORY, name + " ran out of memory");
        }
        boolean ours = code == RELEASED || code == NOT_STARTED || code == LEASE_OVER || code == NEVER_LEASED;
        if (ours
                || code == UNSEEN
                || state.path("Dead").asBoolean()
                || !state.path("Error").asText().isEmpty()) {
            return new SandboxGone(Death.LOST, detail);
        }
        requireDaemonStays();
        boolean stillThere = docker.get("/containers/" + name + "/json").isPresent();
        return stillThere ? new SandboxGone(Death.DIED, detail) : removed(name);
    }

    private static SandboxGone removed(String name) {
        return new SandboxGone(Death.LOST, name + " was removed by somebody else");
    }

    /** A daemon that shuts down kills its containers first and answers to the last. */
    private void requireDaemonStays() throws IOException {
        for (Duration waited = Duration.ZERO; waited.compareTo(LAST_ANSWERS) < 0; waited = waited.plus(STEP)) {
            docker.get("/version");
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
