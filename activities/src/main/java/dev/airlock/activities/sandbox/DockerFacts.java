package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a docker daemon says of itself, for who wants to know whether it will do.
 *
 * @param host how it is reached
 * @param engine name of the engine; {@code Engine} for docker's own
 * @param runc version of runc, if it names one
 * @param security its security options, such as {@code name=seccomp,profile=default}
 * @param missing what it lacks to isolate as we need it; each in words with its mend
 * @param ahead how far its clock is ahead of ours, if it tells
 */
public record DockerFacts(
        String host,
        String engine,
        String version,
        @Nullable String runc,
        List<String> security,
        List<String> missing,
        @Nullable Duration ahead) {

    public DockerFacts {
        security = List.copyOf(security);
        missing = List.copyOf(missing);
    }

    /**
     * Asks.
     *
     * @param host such as {@code unix:///run/docker.sock}; absent: {@code DOCKER_HOST}, docker's context, its default
     * @param limit how long each of two answers may take
     * @throws SandboxUnreachable when no daemon answers in time
     */
    public static DockerFacts read(@Nullable URI host, String runtime, Duration limit) throws IOException {
        DefaultDockerClientConfig.Builder builder = DefaultDockerClientConfig.createDefaultConfigBuilder();
        if (host != null) {
            builder.withDockerHost(host.toString());
        }
        DockerClientConfig config = builder.build();
        try (DockerHttpClient http = DockerConnection.transport(config, limit)) {
            JsonNode version = answer(http, "/version");
            Instant asked = Instant.now();
            JsonNode info = answer(http, "/info");
            return new DockerFacts(
                    config.getDockerHost().toString(),
                    component(version, "Engine") != null
                            ? "Engine"
                            : version.path("Components").path(0).path("Name").asText("Engine"),
                    version.path("Version").asText(),
                    component(version, "runc"),
                    texts(info.path("SecurityOptions")),
                    DockerDaemon.missing(info, runtime),
                    ahead(info.path("SystemTime").asText(), asked));
        }
    }

    private static JsonNode answer(DockerHttpClient http, String path) throws IOException {
        return DockerConnection.get(http, path)
                .orElseThrow(() -> new SandboxException(FailureType.UNAVAILABLE, "docker has no " + path));
    }

    private static @Nullable String component(JsonNode version, String name) {
        return StreamSupport.stream(version.path("Components").spliterator(), false)
                .filter(each -> each.path("Name").asText().equals(name))
                .map(each -> each.path("Version").asText())
                .findFirst()
                .orElse(null);
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static @Nullable Duration ahead(String time, Instant asked) {
        try {
            return Duration.between(asked, OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether the daemon has a security option of that name. */
    public boolean has(String name) {
        return security.stream()
                .anyMatch(option -> option.equals("name=" + name) || option.startsWith("name=" + name + ","));
    }
}
