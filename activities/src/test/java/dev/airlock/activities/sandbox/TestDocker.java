package dev.airlock.activities.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A docker daemon for tests: the one that answers already, else one started for this JVM and stopped with it. There is no
 * third way: a test that needs docker fails without it.
 */
final class TestDocker {
    private static @Nullable TestDocker shared;

    private final URI host;

    private TestDocker(URI host) {
        this.host = host;
    }

    static synchronized TestDocker shared() throws Exception {
        if (shared == null) {
            shared = new TestDocker(find());
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
                host, "runc", sandboxInit(), new ImageRegistry(directory.resolve("images")), installation));
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

    private static URI start(Path directory) throws Exception {
        URI host = URI.create("unix://" + directory.resolve("docker.sock"));
        Process daemon = new ProcessBuilder(
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
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(daemon, directory)));
        for (int tries = 0; tries < 60 && daemon.isAlive(); tries++) {
            if (answers(host)) {
                return host;
            }
            Thread.sleep(500);
        }
        throw new AssertionError(
                "no docker daemon answers and none can be started (as root, with docker.io installed); its " + "log: "
                        + Files.readString(directory.resolve("dockerd.log")));
    }

    private static void stop(Process daemon, Path directory) {
        daemon.destroy();
        try {
            daemon.waitFor(30, SECONDS);
            new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString())
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            daemon.destroyForcibly();
        }
    }

    private void requireBase() throws Exception {
        if (!docker("images", "-q", "airlock-base:latest").isEmpty()) {
            return;
        }
        Path script = Path.of(System.getProperty("airlock.home"), "scripts/base-image.sh");
        assertThat(script)
                .as("the image airlock-base:latest is absent, and so is what makes it")
                .exists();
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).inheritIO();
        builder.environment().put("DOCKER_HOST", host.toString());
        assertThat(builder.start().waitFor()).as("making the base image").isZero();
    }
}
