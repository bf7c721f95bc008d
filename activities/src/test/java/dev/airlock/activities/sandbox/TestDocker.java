package dev.airlock.activities.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.platform.state.InstallationSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A docker daemon for tests: the one that answers already, else one started for this JVM and stopped with it. There is no
 * third way: a test that needs docker fails without it.
 */
final class TestDocker {
    private static @Nullable TestDocker shared;

    private final URI host;
    /** Of a daemon of our own. */
    private final @Nullable Path home;

    private @Nullable Process daemon;

    private TestDocker(URI host, @Nullable Path home) {
        this.host = host;
        this.home = home;
    }

    static synchronized TestDocker shared() throws Exception {
        if (shared == null) {
            shared = new TestDocker(find(), null);
            shared.requireBase();
        }
        return shared;
    }

    URI host() {
        return host;
    }

    /** The binary, from the build step of its own. */
    static Path sandboxInit() {
        Path binary = Path.of(System.getProperty("airlock.home"), "sandbox-init/target/sandbox-init");
        assertThat(binary).as("build it with sandbox-init/build.sh").isExecutable();
        return binary;
    }

    DockerSandboxEngine engine(String installation, Path directory) throws IOException {
        return DockerSandboxEngine.connect(new DockerSandboxEngine.Options(
                host,
                "runc",
                sandboxInit(),
                new ImageRegistry(directory.resolve("images")),
                owner(installation, directory)));
    }

    /** With the secret that is kept in that directory. */
    static EngineOwner owner(String installation, Path directory) {
        return new EngineOwner(installation, InstallationSecret.keptIn(directory.resolve("secret")));
    }

    /** What the docker command prints; fails when it fails. */
    String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker", "-H", host.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + output).isZero();
        return output.strip();
    }

    private static URI find() throws Exception {
        String named = System.getenv("DOCKER_HOST");
        URI host = URI.create(named == null || named.isEmpty() ? "unix:///var/run/docker.sock" : named);
        if (answers(host)) {
            return host;
        }
        assertThat(named).as("DOCKER_HOST is set, but no daemon answers there").isNull();
        return start(Files.createTempDirectory("airlock-dockerd"));
    }

    private static boolean answers(URI host) throws Exception {
        Process process = new ProcessBuilder("docker", "-H", host.toString(), "version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, SECONDS) && process.exitValue() == 0;
    }

    /** One that the caller may stop, with the base image in it. */
    static TestDocker own(Path directory) throws Exception {
        TestDocker source = shared();
        TestDocker own = new TestDocker(URI.create("unix://" + directory.resolve("docker.sock")), directory);
        own.startAgain();
        if (own.docker("images", "-q", "airlock-base:latest").isEmpty()) {
            Path image = directory.resolve("base.tar");
            source.docker("save", "-o", image.toString(), "airlock-base:latest");
            own.docker("load", "-i", image.toString());
            Files.delete(image);
        }
        return own;
    }

    private static URI start(Path directory) throws Exception {
        TestDocker own = new TestDocker(URI.create("unix://" + directory.resolve("docker.sock")), directory);
        own.startAgain();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> own.stopForGood(directory)));
        return own.host;
    }

    void startAgain() throws Exception {
        Path directory = Objects.requireNonNull(home);
        Files.deleteIfExists(directory.resolve("docker.pid"));
        Files.deleteIfExists(directory.resolve("exec/containerd/containerd.pid"));
        Process started = new ProcessBuilder(
                        "dockerd",
                        "--data-root",
                        directory.resolve("data").toString(),
                        "--exec-root",
                        directory.resolve("exec").toString(),
                        "--pidfile",
                        directory.resolve("docker.pid").toString(),
                        "--bridge",
                        "none",
                        "--iptables=false",
                        "-H",
                        host.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("dockerd.log").toFile())
                .start();
        daemon = started;
        for (int tries = 0; tries < 120 && started.isAlive(); tries++) {
            if (answers(host)) {
                return;
            }
            Thread.sleep(250);
        }
        throw new AssertionError(
                "no docker daemon answers and none can be started (as root, with docker.io installed); its " + "log: "
                        + Files.readString(directory.resolve("dockerd.log")));
    }

    void stop() throws InterruptedException {
        Process running = Objects.requireNonNull(daemon);
        running.destroy();
        assertThat(running.waitFor(30, SECONDS)).isTrue();
    }

    /** With all that it started to hold its containers, as when a machine loses its power. */
    void kill() throws Exception {
        Process running = Objects.requireNonNull(daemon);
        List<ProcessHandle> children = running.descendants().toList();
        running.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        assertThat(running.waitFor(30, SECONDS)).isTrue();
    }

    private void stopForGood(Path directory) {
        try {
            stop();
            clear(directory);
        } catch (IOException | InterruptedException e) {
            Objects.requireNonNull(daemon).destroyForcibly();
        }
    }

    /** A killed daemon leaves its data mounted on itself. */
    static void clear(Path directory) throws IOException, InterruptedException {
        String data = directory.resolve("data").toString();
        new ProcessBuilder("umount", "-q", "-l", data).start().waitFor();
        new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
                .start()
                .waitFor();
    }

    private void requireBase() throws Exception {
        if (!docker("images", "-q", "airlock-base:latest").isEmpty()) {
            return;
        }
        Path script = Path.of(System.getProperty("airlock.home"), "scripts/base-image.sh");
        assertThat(script)
                .as("the image airlock-base:latest is absent, and so is what makes it")
                .exists();
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString()).inheritIO();
        builder.environment().put("DOCKER_HOST", host.toString());
        assertThat(builder.start().waitFor()).as("making the base image").isZero();
    }
}
