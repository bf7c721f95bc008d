package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.airlock.workflows.failure.FailureType;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a daemon does with containers, by name, and what its refusals mean. */
final class DockerContainers implements Closeable {
    private final DockerConnection docker;
    private final Removals removals = new Removals();

    DockerContainers(DockerConnection docker) {
        this.docker = docker;
    }

    /** Whether it was made now; false when the name was taken meanwhile. */
    boolean create(DockerProfile profile) throws IOException {
        String name = profile.spec().name();
        removals.await(name);
        try {
            DockerConnection.call(
                    "create " + name, () -> profile.create(docker.client()).exec());
            return true;
        } catch (ConflictException e) {
            return false;
        } catch (NotFoundException e) {
            throw new SandboxException(
                    FailureType.UNAVAILABLE, "the prepared image vanished before " + name + " was made", e);
        }
    }

    /** Whether it was started now; false when a worker that died right after had started it. */
    boolean start(String name) throws IOException {
        try {
            DockerConnection.call(
                    "start " + name,
                    () -> docker.client().startContainerCmd(name).exec());
            return true;
        } catch (NotModifiedException e) {
            return false;
        } catch (NotFoundException e) {
            throw new SandboxGone(SandboxGone.Death.LOST, name + " was removed before it was started");
        }
    }

    /** As the daemon tells it; empty when there is none. */
    Optional<JsonNode> inspect(String name) throws IOException {
        removals.await(name);
        return docker.get("/containers/" + name + "/json");
    }

    /** Whatever it does; well when there is none. */
    void remove(String name) throws IOException {
        try {
            DockerConnection.call(
                    "remove " + name,
                    () -> docker.client()
                            .removeContainerCmd(name)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (NotFoundException | ConflictException e) {
            // Gone, or somebody removes it right now.
        }
    }

    /** As {@link #remove}, without waiting for it; whoever asks for the name afterwards does. */
    void beginToRemove(String name) {
        removals.begin(name, () -> remove(name));
    }

    /** All that carry the installation's label. */
    List<SandboxEngine.Listed> list(String installation) throws IOException {
        removals.awaitAll();
        String filters = "{\"label\":[\"" + DockerProfile.INSTALLATION + "=" + installation + "\"]}";
        JsonNode all = docker.get(
                        "/containers/json?all=1&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8))
                .orElseThrow();
        List<SandboxEngine.Listed> found = new ArrayList<>();
        for (JsonNode one : all) {
            JsonNode labels = one.path("Labels");
            found.add(new SandboxEngine.Listed(
                    one.path("Names").path(0).asText().replaceFirst("^/", ""),
                    labels.path(DockerProfile.RUN).asText(),
                    one.path("State").asText(),
                    Instant.ofEpochSecond(one.path("Created").asLong()),
                    Instant.ofEpochMilli(labels.path(DockerProfile.DEADLINE).asLong())));
        }
        return List.copyOf(found);
    }

    @Override
    public void close() {
        removals.close();
    }
}
