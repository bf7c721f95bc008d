package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.activities.sandbox.init.FrameKey;
import dev.airlock.activities.sandbox.init.InitClient;
import dev.airlock.activities.sandbox.init.NoAnswer;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.platform.state.InstallationSecret;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes in containers of a docker daemon: hardened as far as docker can, compared with what was wanted before they are
 * started, and reached through attach alone.
 */
public final class DockerSandboxEngine implements SandboxEngine {
    private final DockerConnection docker;
    private final DockerContainers containers;
    private final DockerDaemon daemon;
    private final DockerImages images;
    private final ImageRegistry registry;
    private final String seccomp;
    private final DockerDeaths deaths;
    private final InstallationSecret secret;
    private final SecureRandom random = new SecureRandom();
    private final SandboxFinder<JsonNode> finder = new SandboxFinder<>(new Holder());
    private final DeadlineWatch watch;

    private DockerSandboxEngine(DockerConnection docker, Options options) throws IOException {
        this.docker = docker;
        this.containers = new DockerContainers(docker);
        this.daemon = DockerDaemon.examine(docker, options.runtime());
        this.images = new DockerImages(docker, options.sandboxInit());
        this.registry = options.registry();
        this.seccomp = SeccompProfile.json(daemon.architecture());
        this.deaths = new DockerDeaths(docker);
        this.secret = options.owner().secret();
        this.watch = new DeadlineWatch(this, options.owner().installation());
    }

    /**
     * What an engine is made of.
     *
     * @param host such as {@code unix:///run/docker.sock}; absent: {@code DOCKER_HOST}, else docker's own default
     * @param runtime {@code runc} unless configured otherwise; never falls back
     * @param sandboxInit the static binary
     * @param owner whose sandboxes these are
     */
    public record Options(
            @Nullable URI host, String runtime, Path sandboxInit, ImageRegistry registry, EngineOwner owner) {}

    /**
     * Connects, and examines what the daemon can do.
     *
     * @throws SandboxUnreachable when no daemon answers
     * @throws SandboxException {@code ISOLATION_REFUSED} when it cannot isolate as we need it
     */
    public static DockerSandboxEngine connect(Options options) throws IOException {
        DockerConnection docker = DockerConnection.open(options.host());
        try {
            DockerSandboxEngine engine = new DockerSandboxEngine(docker, options);
            engine.watch.start();
            return engine;
        } catch (IOException | RuntimeException e) {
            docker.close();
            throw e;
        }
    }

    @Override
    public EngineIdentity identity() {
        return daemon.identity();
    }

    @Override
    public String machine() {
        return "docker-" + daemon.id();
    }

    @Override
    public String image(String name) throws IOException {
        if (name.equals(ImageRegistry.BASE)) {
            return images.base();
        }
        ImageRegistry.Registered image = registry.find(name)
                .filter(found -> found.engine().equals(identity().name()))
                .orElseThrow(() -> new SandboxException(
                        FailureType.IMAGE_ABSENT,
                        "no image is registered as '" + name + "'; register it with airlock image add " + name
                                + " --docker REF"));
        return images.idOf(image.digest())
                .orElseThrow(() -> new SandboxException(
                        FailureType.IMAGE_ABSENT,
                        "the image '" + name + "' (" + image.digest()
                                + ") is not on this docker daemon any more; register "
                                + "it again with airlock image add " + name + " --docker " + image.reference()));
    }

    /** Puts images where pipelines find them. */
    public DockerImageSource imageSource() {
        return new DockerImageSource(images, registry);
    }

    @Override
    public Sandbox openOrAdopt(SandboxSpec spec) throws IOException {
        return finder.openOrAdopt(spec);
    }

    @Override
    public Sandbox adopt(SandboxSpec spec) throws IOException {
        return finder.adopt(spec);
    }

    /** Whether it was made now; false when the name was taken meanwhile. */
    boolean create(SandboxSpec spec) throws IOException {
        return containers.create(new DockerProfile(
                spec,
                images.prepare(spec.image()),
                daemon.users().draw(random),
                identity().runtime(),
                seccomp));
    }

    private Sandbox adopt(SandboxSpec wanted, JsonNode found) throws IOException {
        SandboxSpec spec = asMade(wanted, found);
        String status = found.path("State").path("Status").asText();
        switch (status) {
            case "created" -> requireProfile(spec, found);
            case "running" -> requireStillTheSame(spec, found);
            case "removing" ->
                throw SandboxUnreachable.silent(spec.name() + " is being removed", new IllegalStateException(status));
            default -> throw deaths.of(spec.name(), found.path("State"));
        }
        return open(spec, status.equals("created"));
    }

    private void requireProfile(SandboxSpec spec, JsonNode found) throws IOException {
        try {
            DockerInspection.require(profileOf(spec, found), found);
        } catch (SandboxException e) {
            remove(spec.name());
            throw e;
        }
    }

    /** Another version of ours made it, or somebody changed it since; either way its command's word counts for nothing. */
    private void requireStillTheSame(SandboxSpec spec, JsonNode found) throws IOException {
        List<String> differences = DockerInspection.differences(profileOf(spec, found), found);
        if (!differences.isEmpty()) {
            remove(spec.name());
            throw new SandboxGone(
                    SandboxGone.Death.LOST,
                    spec.name() + " runs with another isolation than this worker's and was removed: "
                            + String.join("; ", differences));
        }
    }

    /** As its labels say: the user is drawn anew for each, so it is read, and must be one of those that we draw. */
    DockerProfile profileOf(SandboxSpec spec, JsonNode found) {
        String user = found.path("Config").path("User").asText();
        int number =
                user.matches("[0-9]{1,10}:[0-9]{1,10}") ? Integer.parseInt(user.substring(0, user.indexOf(':'))) : 0;
        String prepared =
                found.path("Config").path("Labels").path(DockerProfile.PREPARED).asText();
        return new DockerProfile(
                spec,
                prepared,
                daemon.users().has(number) ? number : -1,
                identity().runtime(),
                seccomp);
    }

    /** What its labels say of its image counts only for the image that it truly runs. */
    private static SandboxSpec asMade(SandboxSpec wanted, JsonNode found) throws IOException {
        JsonNode labels = found.path("Config").path("Labels");
        String prepared = labels.path(DockerProfile.PREPARED).asText();
        String image = found.path("Image").asText();
        return wanted.asMade(
                prepared.equals(image)
                        ? labels.path(DockerProfile.SPEC).asText()
                        : "another image, " + image + " for " + prepared,
                labels.path(DockerProfile.IMAGE).asText(),
                Instant.ofEpochMilli(labels.path(DockerProfile.DEADLINE).asLong()),
                "look at it and remove it with docker rm -f " + wanted.name());
    }

    /**
     * Attach comes first: what process 1 wrote to nobody would be lost. The key is told to nobody but a process 1 that was
     * started here and now: in any other something may run that reads along.
     */
    private Sandbox open(SandboxSpec spec, boolean created) throws IOException {
        FrameKey key = new FrameKey(secret.derive(spec.lease().token()));
        InitClient init = InitClient.over(docker.attach(spec.name()), key, spec.name());
        InitSandbox sandbox = new InitSandbox(spec, init, new Container(spec.name()));
        try {
            if (created && containers.start(spec.name())) {
                sandbox.begin();
            } else {
                sandbox.takeOver();
            }
            Failpoints.hit("sandbox.leased");
            return sandbox;
        } catch (IOException | RuntimeException e) {
            init.close();
            throw e;
        }
    }

    @Override
    public boolean exists(String name) throws IOException {
        return containers.inspect(name).isPresent();
    }

    @Override
    public void remove(String name) throws IOException {
        containers.remove(name);
    }

    @Override
    public List<Listed> list(String installation) throws IOException {
        return containers.list(installation);
    }

    @Override
    public void close() throws IOException {
        watch.close();
        containers.close();
        docker.close();
    }

    /** A daemon's containers as sandboxes. */
    private final class Holder implements SandboxFinder.Holder<JsonNode> {
        @Override
        public Optional<JsonNode> find(String name) throws IOException {
            return containers.inspect(name);
        }

        @Override
        public boolean create(SandboxSpec spec) throws IOException {
            return DockerSandboxEngine.this.create(spec);
        }

        @Override
        public Sandbox adopt(SandboxSpec spec, JsonNode found) throws IOException {
            return DockerSandboxEngine.this.adopt(spec, found);
        }

        @Override
        public void remove(String name) throws IOException {
            DockerSandboxEngine.this.remove(name);
        }
    }

    /** The engine's part of an open sandbox. */
    private final class Container implements InitSandbox.Shell {
        private final String name;

        Container(String name) {
            this.name = name;
        }

        @Override
        public IOException explain(NoAnswer silence) {
            try {
                return deaths.explain(name, silence);
            } catch (IOException e) {
                return e;
            }
        }

        @Override
        public String howToRemove() {
            return "docker rm -f " + name;
        }

        @Override
        public void remove() {
            containers.beginToRemove(name);
        }
    }
}
