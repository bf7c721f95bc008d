package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.failure.FailureType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Images of one daemon: found by name, and made ready by adding sandbox-init. Nothing is ever pulled. Thread-safe. */
final class DockerImages {
    private static final String BASE_REFERENCE = "airlock-base:latest";
    private static final String PREPARED_NAME = "airlock-prepared";
    /** Part of what a prepared image is found by: raise it when its recipe changes. */
    private static final String RECIPE = "1";

    private final DockerConnection docker;
    private final Path sandboxInit;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    /** @param sandboxInit the static binary */
    DockerImages(DockerConnection docker, Path sandboxInit) {
        this.docker = docker;
        this.sandboxInit = sandboxInit;
    }

    /** The id of the image that the machine keeps as {@code base}. */
    String base() throws IOException {
        return idOf(BASE_REFERENCE)
                .orElseThrow(() -> new SandboxException(
                        FailureType.IMAGE_ABSENT,
                        "the image 'base' (" + BASE_REFERENCE + ") is not on this docker daemon; run ./airlock setup"));
    }

    /** The id of the image with that name, tag or id, if it is here. */
    Optional<String> idOf(String reference) throws IOException {
        return inspect(reference).map(image -> image.path("Id").asText());
    }

    private Optional<JsonNode> inspect(String reference) throws IOException {
        return docker.get("/images/" + reference + "/json");
    }

    /**
     * The id of the image that is {@code base} with sandbox-init as its entry point, made if it is not there.
     *
     * @throws SandboxException {@code IMAGE_ABSENT} when there is no such base
     */
    String prepare(String base) throws IOException {
        byte[] binary = binary();
        String key = CanonicalJson.sha256(
                        (RECIPE + base + CanonicalJson.sha256(binary)).getBytes(StandardCharsets.UTF_8))
                .value()
                .substring("sha256:".length());
        String tag = PREPARED_NAME + ":" + key;
        synchronized (locks.computeIfAbsent(key, ignored -> new Object())) {
            Optional<String> ready = idOf(tag);
            return ready.isPresent() ? ready.get() : build(base, tag, key, binary);
        }
    }

    private byte[] binary() throws IOException {
        if (!Files.isRegularFile(sandboxInit)) {
            throw new SandboxException(
                    FailureType.ISOLATION_REFUSED,
                    "there is no sandbox-init at " + sandboxInit + "; build it with sandbox-init/build.sh");
        }
        return Files.readAllBytes(sandboxInit);
    }

    private String build(String base, String tag, String key, byte[] binary) throws IOException {
        refuseWhatRunsByItself(base);
        String recipe = "FROM " + base + "\nCOPY sandbox-init " + SandboxLayout.INIT_PATH + "\nHEALTHCHECK NONE\n"
                + "ENTRYPOINT [\"" + SandboxLayout.INIT_PATH + "\"]\nCMD []\n";
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        try (TarWriter tar = new TarWriter(context)) {
            tar.file("Dockerfile", 0644, recipe.getBytes(StandardCharsets.UTF_8));
            tar.file("sandbox-init", 0755, binary);
        }
        return build(new ByteArrayInputStream(context.toByteArray()), Map.of(DockerProfile.PREPARED, key), tag);
    }

    /** Builds from an uncompressed context: a compressed one would be unpacked by a program of the image's. */
    String build(InputStream context, Map<String, String> labels, String tag) throws IOException {
        String id = DockerConnection.call(
                "build " + tag,
                () -> docker.slowClient()
                        .buildImageCmd(context)
                        .withTags(Set.of(tag))
                        .withLabels(labels)
                        .withNetworkMode("none")
                        .withPull(false)
                        .withRemove(true)
                        .withForcerm(true)
                        .exec(new BuildImageResultCallback())
                        .awaitImageId());
        return idOf(id).orElseThrow(() -> new SandboxException(
                FailureType.UNAVAILABLE, "docker built " + tag + " as " + id + ", but does not have it"));
    }

    private void refuseWhatRunsByItself(String base) throws IOException {
        JsonNode config = inspect(base)
                .orElseThrow(() -> new SandboxException(
                        FailureType.IMAGE_ABSENT,
                        "the image " + base + " is not on this docker daemon any more; register it again with "
                                + "airlock image add NAME --docker REF"))
                .path("Config");
        if (!config.path("OnBuild").isEmpty() || !config.path("Volumes").isEmpty()) {
            throw new SandboxException(
                    FailureType.ISOLATION_REFUSED,
                    "the image " + base
                            + " declares volumes or build triggers, which a sandbox must not have; make one "
                            + "without VOLUME and ONBUILD");
        }
    }
}
