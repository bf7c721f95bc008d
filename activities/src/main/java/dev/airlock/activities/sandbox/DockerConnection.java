package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One docker daemon: which versions of its API are spoken, and which of its errors mean that it is not there. */
final class DockerConnection implements Closeable {
    /** The newest that docker-java knows; a daemon that is older is asked in its own version. */
    private static final RemoteApiVersion NEWEST_KNOWN = RemoteApiVersion.VERSION_1_44;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration RESPONSE = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;
    private static final int FIRST_ERROR = 400;

    private final DockerHttpClient http;
    private final DockerHttpClient streams;
    private final DockerClient client;
    private final DockerClient slowClient;
    private final String version;

    private DockerConnection(
            DockerHttpClient http, DockerHttpClient streams, DockerClientConfig config, String version) {
        this.http = http;
        this.streams = streams;
        this.client = DockerClientImpl.getInstance(config, http);
        this.slowClient = DockerClientImpl.getInstance(config, streams);
        this.version = version;
    }

    /**
     * Asks the daemon which API it speaks.
     *
     * @param host such as {@code unix:///run/docker.sock}; absent: {@code DOCKER_HOST}, docker's context, its default
     * @throws SandboxUnreachable when no daemon answers
     */
    static DockerConnection open(@Nullable URI host) throws IOException {
        DefaultDockerClientConfig.Builder builder = DefaultDockerClientConfig.createDefaultConfigBuilder();
        if (host != null) {
            builder.withDockerHost(host.toString());
        }
        DockerClientConfig unversioned = builder.build();
        DockerHttpClient http = transport(unversioned, RESPONSE);
        try {
            RemoteApiVersion newest = RemoteApiVersion.parseConfig(
                    get(http, "/version").orElseThrow().path("ApiVersion").asText());
            String version = (newest.isGreater(NEWEST_KNOWN) ? NEWEST_KNOWN : newest).getVersion();
            DockerClientConfig config = builder.withApiVersion(version).build();
            return new DockerConnection(http, transport(config, null), config, version);
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
    }

    static DockerHttpClient transport(DockerClientConfig config, @Nullable Duration response) {
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .sslConfig(config.getSSLConfig())
                .connectionTimeout(response != null && response.compareTo(CONNECT) < 0 ? response : CONNECT);
        if (response != null) {
            builder.responseTimeout(response);
        }
        return builder.build();
    }

    /** For calls that answer soon. */
    DockerClient client() {
        return client;
    }

    /** For builds, which may be silent for long. */
    DockerClient slowClient() {
        return slowClient;
    }

    /** The object's JSON exactly as the daemon tells it, also what docker-java does not know; empty when there is none. */
    Optional<JsonNode> get(String path) throws IOException {
        return get(http, "/v" + version + path);
    }

    static Optional<JsonNode> get(DockerHttpClient http, String path) throws IOException {
        DockerHttpClient.Request request = DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path(path)
                .build();
        try (DockerHttpClient.Response response = http.execute(request);
                InputStream body = response.getBody()) {
            byte[] bytes = body.readAllBytes();
            if (response.getStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            JsonNode json = Payloads.mapper().readTree(bytes);
            if (response.getStatusCode() >= FIRST_ERROR) {
                throw new SandboxException(
                        FailureType.UNAVAILABLE,
                        "docker answers GET " + path + " with " + response.getStatusCode() + ": "
                                + json.path("message").asText());
            }
            return Optional.of(json);
        } catch (JsonProcessingException e) {
            throw new SandboxException(
                    FailureType.UNAVAILABLE, "docker answers GET " + path + " with what is no JSON", e);
        } catch (SandboxException e) {
            throw e;
        } catch (RuntimeException | IOException e) {
            throw unreachable(e);
        }
    }

    /** A channel to the container's process 1. */
    DockerAttach attach(String container) throws IOException {
        try {
            return DockerAttach.open(streams, "/v" + version + "/containers/" + container + "/attach");
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    /**
     * Does it and tells a daemon that is not there from one that refuses.
     *
     * @param what for people: what the daemon was asked to do
     * @throws NotFoundException and the like, which only the caller can judge, pass through
     */
    static <T> T call(String what, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (NotFoundException | ConflictException | NotModifiedException e) {
            throw e;
        } catch (DockerException e) {
            throw new SandboxException(
                    FailureType.UNAVAILABLE,
                    "docker does not " + what + ": "
                            + String.valueOf(e.getMessage()).strip(),
                    e);
        } catch (RuntimeException e) {
            throw unreachable(e);
        }
    }

    static SandboxUnreachable unreachable(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return SandboxUnreachable.outage(
                "the docker daemon does not answer (" + root.getMessage() + "); start it, or name it with DOCKER_HOST",
                e);
    }

    @Override
    public void close() throws IOException {
        client.close();
        slowClient.close();
    }
}
