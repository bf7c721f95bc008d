package dev.airlock.activities.sandbox;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a sandbox's container is made of. User or workflow input sets no field but the limits.
 *
 * @param prepared the image that holds sandbox-init
 * @param user its very own uid and gid: kernel limits that are per user are then not shared with other sandboxes
 * @param seccomp the JSON text
 */
record DockerProfile(SandboxSpec spec, String prepared, int user, String runtime, String seccomp) {
    static final String INSTALLATION = "dev.airlock.installation";
    static final String RUN = "dev.airlock.run";
    static final String STEP = "dev.airlock.step";
    static final String ATTEMPT = "dev.airlock.attempt";
    static final String SPEC = "dev.airlock.spec";
    static final String DEADLINE = "dev.airlock.deadline";
    static final String IMAGE = "dev.airlock.image";
    static final String PREPARED = "dev.airlock.prepared";

    /** Terminals are the whole machine's: one sandbox could take all that its neighbours may have. None has any. */
    private static final String TERMINALS = "/dev/pts";

    private static final String NOTHING = "ro,nosuid,nodev,noexec,size=4096,nr_inodes=1,mode=0555";

    DockerProfile {
        if (!prepared.startsWith("sha256:")) {
            throw new IllegalArgumentException("images are named by digest alone: " + prepared);
        }
    }

    Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        StepAttempt at = spec.owner().at();
        labels.put(INSTALLATION, spec.owner().installation());
        labels.put(RUN, at.run().value());
        labels.put(STEP, at.step());
        labels.put(ATTEMPT, Integer.toString(at.attempt()));
        labels.put(SPEC, spec.lease().spec().value());
        labels.put(DEADLINE, Long.toString(spec.lease().deadline().toEpochMilli()));
        labels.put(IMAGE, spec.image());
        labels.put(PREPARED, prepared);
        return labels;
    }

    String userName() {
        return user + ":" + user;
    }

    HostConfig hostConfig() {
        CommandSpec.Limits limits = spec.limits();
        SandboxLayout layout = new SandboxLayout(limits);
        return HostConfig.newHostConfig()
                .withPrivileged(false)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true", "seccomp=" + seccomp))
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of(
                        SandboxLayout.WORKSPACE,
                        tmpfs(limits.disk(), "exec"),
                        SandboxLayout.TEMPORARY,
                        tmpfs(layout.temporary(), "exec"),
                        SandboxLayout.INPUT,
                        tmpfs(layout.input(), "noexec"),
                        TERMINALS,
                        NOTHING))
                .withNetworkMode("none")
                .withDns("127.0.0.1")
                .withDnsSearch(".")
                .withIpcMode("none")
                .withCgroupnsMode("private")
                .withMemory(layout.memory())
                .withMemorySwap(layout.memory())
                .withNanoCPUs(limits.cpuMillis() * 1_000_000L)
                .withPidsLimit(layout.processes())
                .withUlimits(ulimits(limits))
                .withInit(false)
                .withAutoRemove(false)
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withOomScoreAdj(500)
                .withRuntime(runtime);
    }

    CreateContainerCmd create(DockerClient docker) {
        return docker.createContainerCmd(prepared)
                .withName(spec.name())
                .withLabels(labels())
                .withHostName("sandbox")
                .withUser(userName())
                .withWorkingDir(SandboxLayout.WORKSPACE)
                .withEntrypoint(SandboxLayout.INIT_PATH)
                .withNetworkDisabled(true)
                .withStopTimeout(1)
                .withStdinOpen(true)
                .withStdInOnce(false)
                .withTty(false)
                .withHostConfig(hostConfig());
    }

    private String tmpfs(long bytes, String exec) {
        long inodes = SandboxLayout.inodes(bytes);
        return "rw,nosuid,nodev," + exec + ",size=" + bytes + ",nr_inodes=" + inodes + ",mode=0700,uid=" + user
                + ",gid=" + user;
    }

    private static List<Ulimit> ulimits(CommandSpec.Limits limits) {
        return List.of(
                new Ulimit("core", 0L, 0L),
                new Ulimit("nofile", (long) SandboxLayout.OPEN_FILES, (long) SandboxLayout.OPEN_FILES),
                new Ulimit("fsize", limits.disk(), limits.disk()),
                new Ulimit("memlock", SandboxLayout.LOCKED_BYTES, SandboxLayout.LOCKED_BYTES),
                new Ulimit("msgqueue", 0L, 0L));
    }
}
