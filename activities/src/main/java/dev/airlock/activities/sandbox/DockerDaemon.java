package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What a daemon can do, by its own word.
 *
 * @param id the same after a restart
 * @param remapsUsers whether its containers' users are others on the host; then only few exist
 */
record DockerDaemon(String id, String architecture, EngineIdentity identity, boolean remapsUsers) {

    /** Those that its sandboxes may have. */
    SandboxLayout.Users users() {
        return remapsUsers ? SandboxLayout.Users.REMAPPED : SandboxLayout.Users.WHOLE;
    }

    /** @throws SandboxException {@code ISOLATION_REFUSED} when it cannot isolate as we need it */
    static DockerDaemon examine(DockerConnection docker, String runtime) throws IOException {
        JsonNode info = docker.get("/info")
                .orElseThrow(() -> new SandboxException(FailureType.UNAVAILABLE, "docker has no /info"));
        List<String> missing = missing(info, runtime);
        if (!missing.isEmpty()) {
            throw new SandboxException(
                    FailureType.ISOLATION_REFUSED,
                    "the docker daemon " + info.path("Name").asText() + " cannot isolate: "
                            + String.join("; ", missing));
        }
        return new DockerDaemon(
                info.path("ID").asText(),
                info.path("Architecture").asText(),
                new EngineIdentity("docker", runtime, tier(runtime)),
                securityOption(info, "name=userns") || securityOption(info, "name=rootless"));
    }

    /** What it lacks. */
    static List<String> missing(JsonNode info, String runtime) {
        List<String> missing = new ArrayList<>();
        if (!info.path("OSType").asText().equals("linux")) {
            missing.add("it runs no Linux containers");
        }
        if (!securityOption(info, "name=seccomp")) {
            missing.add("no seccomp (build the kernel and docker with it)");
        }
        require(info, "MemoryLimit", "no memory limit (enable the memory cgroup)", missing);
        require(info, "CpuCfsQuota", "no CPU limit (enable CFS bandwidth control)", missing);
        require(info, "PidsLimit", "no limit of processes (enable the pids cgroup)", missing);
        if (!info.path("Runtimes").has(runtime)) {
            missing.add("no runtime '" + runtime + "' (configure it in daemon.json)");
        }
        return missing;
    }

    private static void require(JsonNode info, String ability, String otherwise, List<String> missing) {
        if (!info.path(ability).asBoolean()) {
            missing.add(otherwise);
        }
    }

    private static boolean securityOption(JsonNode info, String prefix) {
        return StreamSupport.stream(info.path("SecurityOptions").spliterator(), false)
                .anyMatch(option -> option.asText().startsWith(prefix));
    }

    private static String tier(String runtime) {
        if (runtime.startsWith("runsc")) {
            return "gvisor";
        }
        return runtime.startsWith("kata") ? "vm" : "hardened";
    }
}
