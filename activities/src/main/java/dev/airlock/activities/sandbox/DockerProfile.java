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
    static final String INIT_PATH = "/sandbox-init";
    static final String WORKSPACE = "/workspace";
    static final String INPUT = "/input";
    static final String TEMPORARY = "/tmp";

    static final String INSTALLATION = "dev.airlock.installation";
    static final String RUN = "dev.airlock.run";
    static final String STEP = "dev.airlock.step";
    static final String ATTEMPT = "dev.airlock.attempt";
    static final String SPEC = "dev.airlock.spec";
    static final String DEADLINE = "dev.airlock.deadline";
    static final String IMAGE = "dev.airlock.image";
    static final String PREPARED = "dev.airlock.prepared";

    private static final long MIB = 1 << 20;
    private static final long INPUT_BYTES = 16 * MIB;
    /** sandbox-init itself, page tables, pipes, kernel memory of the container. */
    private static final long INIT_BYTES = 24 * MIB;

    private static final long SMALLEST_TEMPORARY = 16 * MIB;
    private static final long BYTES_PER_INODE = 4096;

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
        return HostConfig.newHostConfig()
                .withPrivileged(false)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true", "seccomp=" + seccomp))
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of(
                        WORKSPACE, tmpfs(limits.disk(), "exec"),
                        TEMPORARY, tmpfs(temporaryBytes(limits), "exec"),
                        INPUT, tmpfs(INPUT_BYTES, "noexec")))
                .withNetworkMode("none")
                .withDns("127.0.0.1")
                .withDnsSearch(".")
                .withIpcMode("none")
                .withCgroupnsMode("private")
                .withMemory(memory(limits))
                .withMemorySwap(memory(limits))
                .withNanoCPUs(limits.cpuMillis() * 1_000_000L)
                .withPidsLimit((long) limits.pids() + 1)
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
                .withWorkingDir(WORKSPACE)
                .withEntrypoint(INIT_PATH)
                .withNetworkDisabled(true)
                .withStopTimeout(1)
                .withStdinOpen(true)
                .withStdInOnce(false)
                .withTty(false)
                .withHostConfig(hostConfig());
    }

    /** A file system in memory takes its pages from the same limit as processes, so each one has its share in it. */
    private static long memory(CommandSpec.Limits limits) {
        return limits.memory() + limits.disk() + temporaryBytes(limits) + INPUT_BYTES + limits.output() + INIT_BYTES;
    }

    private static long temporaryBytes(CommandSpec.Limits limits) {
        return Math.max(SMALLEST_TEMPORARY, limits.disk() / 4);
    }

    private String tmpfs(long bytes, String exec) {
        long inodes = Math.max(1024, bytes / BYTES_PER_INODE);
        return "rw,nosuid,nodev," + exec + ",size=" + bytes + ",nr_inodes=" + inodes + ",mode=0700,uid=" + user
                + ",gid=" + user;
    }

    private static List<Ulimit> ulimits(CommandSpec.Limits limits) {
        return List.of(
                new Ulimit("core", 0L, 0L),
                new Ulimit("nofile", 4096L, 4096L),
                new Ulimit("fsize", limits.disk(), limits.disk()),
                new Ulimit("memlock", 65536L, 65536L),
                new Ulimit("msgqueue", 0L, 0L));
    }
}
