package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.pipeline.CommandSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real docker daemon, and what only docker has. */
class DockerSandboxEngineIT extends SandboxEngineContract {
    @TempDir
    Path directory;

    @Override
    SandboxEngine connect(String installation) throws Exception {
        return TestDocker.shared().engine(installation, directory);
    }

    private static String docker(String... arguments) throws Exception {
        return TestDocker.shared().docker(arguments);
    }

    private DockerSandboxEngine docker() {
        return (DockerSandboxEngine) engine;
    }

    @Test
    void everyFieldOfTheProfileIsCompared() throws Exception {
        SandboxSpec spec = spec("profile", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            JsonNode found =
                    Payloads.mapper().readTree(docker("inspect", spec.name())).path(0);
            DockerProfile profile = docker().profileOf(spec, found);
            assertThat(DockerInspection.differences(profile, found)).isEmpty();
            Map<String, String> drift = Map.ofEntries(
                    Map.entry("Privileged", "true"),
                    Map.entry("CapAdd", "[\"SYS_ADMIN\"]"),
                    Map.entry("CapDrop", "null"),
                    Map.entry("SecurityOpt", "[\"no-new-privileges:true\"]"),
                    Map.entry("ReadonlyRootfs", "false"),
                    Map.entry("NetworkMode", "\"bridge\""),
                    Map.entry("IpcMode", "\"host\""),
                    Map.entry("PidMode", "\"host\""),
                    Map.entry("UsernsMode", "\"host\""),
                    Map.entry("Memory", "0"),
                    Map.entry("MemorySwap", "-1"),
                    Map.entry("NanoCpus", "0"),
                    Map.entry("PidsLimit", "null"),
                    Map.entry("Ulimits", "[]"),
                    Map.entry("Binds", "[\"/:/host\"]"),
                    Map.entry("Devices", "[{\"PathOnHost\":\"/dev/kvm\"}]"),
                    Map.entry("Tmpfs", "{}"),
                    Map.entry("LogConfig", "{\"Type\":\"json-file\",\"Config\":{}}"),
                    Map.entry("RestartPolicy", "{\"Name\":\"always\",\"MaximumRetryCount\":0}"),
                    Map.entry("AutoRemove", "true"),
                    Map.entry("OomScoreAdj", "0"),
                    Map.entry("OomKillDisable", "true"),
                    Map.entry("Runtime", "\"runsc\""),
                    Map.entry("Init", "true"),
                    Map.entry("Dns", "[]"),
                    Map.entry("CgroupnsMode", "\"host\""),
                    Map.entry("MaskedPaths", "[]"),
                    Map.entry("SomethingNew", "\"x\""));
            for (Map.Entry<String, String> one : drift.entrySet()) {
                ObjectNode changed = found.deepCopy();
                ((ObjectNode) changed.path("HostConfig"))
                        .set(one.getKey(), Payloads.mapper().readTree(one.getValue()));
                assertThat(DockerInspection.differences(profile, changed))
                        .as(one.getKey())
                        .isNotEmpty()
                        .allMatch(difference -> difference.startsWith("HostConfig." + one.getKey()));
            }
            for (String field : List.of("User", "OpenStdin", "Labels", "NetworkDisabled", "WorkingDir")) {
                ObjectNode changed = found.deepCopy();
                ((ObjectNode) changed.path("Config")).remove(field);
                assertThat(DockerInspection.differences(profile, changed))
                        .as(field)
                        .isNotEmpty();
            }
            sandbox.release();
        }
    }

    @Test
    void refusesAContainerOfTheSameNameWithoutItsProfile() throws Exception {
        SandboxSpec spec = spec("drift", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.release();
        }
        assertThat(engine.exists(spec.name())).as("waits until it is gone").isFalse();
        String prepared = docker("images", "-q", "--no-trunc", "airlock-prepared")
                .lines()
                .findFirst()
                .orElseThrow();
        docker(
                "create",
                "--name",
                spec.name(),
                "--label",
                DockerProfile.INSTALLATION + "=" + installation,
                "--label",
                DockerProfile.SPEC + "=" + spec.lease().spec(),
                "--label",
                DockerProfile.PREPARED + "=" + prepared,
                "--label",
                DockerProfile.DEADLINE + "=9999999999999",
                prepared);
        assertThatThrownBy(() -> engine.openOrAdopt(spec))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.ISOLATION_REFUSED))
                .hasMessageContaining("HostConfig.CapDrop is null")
                .hasMessageContaining("HostConfig.NetworkMode");
        assertThat(engine.exists(spec.name())).isFalse();
    }

    @Test
    void doesNotBelieveASandboxWhoseIsolationWasChanged() throws Exception {
        SandboxSpec spec = spec("changed", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThat(sandbox.name()).isEqualTo(spec.name());
        }
        docker("update", "--pids-limit", "5000", spec.name());
        assertThatThrownBy(() -> engine.openOrAdopt(spec))
                .isInstanceOfSatisfying(
                        SandboxGone.class, e -> assertThat(e.death()).isEqualTo(SandboxGone.Death.LOST))
                .hasMessageContaining("HostConfig.PidsLimit is 5000, not 129");
        assertThat(engine.exists(spec.name())).isFalse();
    }

    @Test
    void knowsNoRuntimeThatTheDaemonDoesNotHave() throws Exception {
        URI host = TestDocker.shared().host();
        assertThatThrownBy(() -> DockerSandboxEngine.connect(new DockerSandboxEngine.Options(
                        host,
                        "nowhere",
                        TestDocker.sandboxInit(),
                        new ImageRegistry(directory),
                        TestDocker.owner(installation, directory))))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.ISOLATION_REFUSED))
                .hasMessageContaining("no runtime 'nowhere'");
    }

    @Test
    void saysThatNoDaemonAnswers() {
        assertThatThrownBy(() -> DockerSandboxEngine.connect(new DockerSandboxEngine.Options(
                        URI.create("unix://" + directory.resolve("no.sock")),
                        "runc",
                        TestDocker.sandboxInit(),
                        new ImageRegistry(directory),
                        TestDocker.owner(installation, directory))))
                .isInstanceOf(SandboxUnreachable.class)
                .hasMessageContaining("the docker daemon does not answer");
    }

    @Test
    void registersImagesFromAReferenceAndFromARootFileSystem() throws Exception {
        DockerImageSource source = docker().imageSource();
        ImageRegistry.Registered byName = source.addReference("tools", "airlock-base:latest");
        assertThat(byName.digest()).isEqualTo(engine.image("base"));
        Path rootfs = Files.createDirectories(directory.resolve("rootfs/etc"));
        Files.write(rootfs.resolve("hello"), "hello".getBytes(StandardCharsets.UTF_8));
        Files.createSymbolicLink(rootfs.resolve("out"), Path.of("/etc/passwd"));
        ImageRegistry.Registered imported = source.addRootfs("small", directory.resolve("rootfs"));
        assertThat(engine.image("small")).isEqualTo(imported.digest());
        assertThatThrownBy(() -> source.addReference("x", "no-such-image:here"))
                .hasMessageContaining("docker pull no-such-image:here");
        docker("rmi", "airlock-image:small");
        assertThatThrownBy(() -> engine.image("small")).hasMessageContaining("not on this docker daemon any more");
    }

    @Test
    void refusesASandboxThatWasLeasedWithAnotherSecret() throws Exception {
        SandboxSpec spec = spec("secret", CommandSpec.Limits.DEFAULT);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            sandbox.run(shell("one", "sleep 60"));
        }
        try (SandboxEngine stranger = TestDocker.shared().engine(installation, directory.resolve("other"))) {
            assertThatThrownBy(() -> stranger.adopt(spec))
                    .isInstanceOfSatisfying(
                            SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CONFLICT))
                    .hasMessageContaining("was leased with another key")
                    .hasMessageContaining("docker rm -f " + spec.name());
            assertThatThrownBy(() -> stranger.openOrAdopt(spec)).isInstanceOf(SandboxException.class);
        }
        try (Sandbox sandbox = engine.adopt(spec)) {
            assertThat(sandbox.state("one").state()).isEqualTo(CommandStatus.State.RUNNING);
            sandbox.release();
        }
    }

    /** Its worker died between the start and the lease; the key must not be told to what runs already. */
    @Test
    void makesAnewWhatWasStartedAndNeverLeased() throws Exception {
        SandboxSpec spec = spec("unleased", CommandSpec.Limits.DEFAULT);
        String first = startWithoutLease(spec);
        try (Sandbox sandbox = engine.openOrAdopt(spec)) {
            assertThat(docker("inspect", "-f", "{{.Id}}", spec.name())).isNotEqualTo(first);
            sandbox.run(shell("one", "echo well"));
            assertThat(finish(sandbox, "one").output()).isEqualTo("well\n");
            sandbox.release();
        }
        startWithoutLease(spec);
        assertThatThrownBy(() -> engine.adopt(spec))
                .isInstanceOfSatisfying(
                        SandboxGone.class, e -> assertThat(e.death()).isEqualTo(SandboxGone.Death.LOST));
        assertThat(engine.exists(spec.name())).isFalse();
    }

    private String startWithoutLease(SandboxSpec spec) throws Exception {
        docker().create(spec);
        docker("start", spec.name());
        return docker("inspect", "-f", "{{.Id}}", spec.name());
    }
}
