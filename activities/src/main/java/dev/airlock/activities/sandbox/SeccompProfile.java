package dev.airlock.activities.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Our own list of allowed system calls: everything else, and the machine's second ABI, is refused. */
final class SeccompProfile {
    private static final String RESOURCE = "seccomp.json";

    private SeccompProfile() {}

    /**
     * The profile as docker takes it.
     *
     * @param architecture as the daemon names its machine's
     * @throws SandboxException {@code ISOLATION_REFUSED} for a machine that it was not written for
     */
    static String json(String architecture) throws IOException {
        ObjectNode profile = read();
        profile.putArray("architectures").add("SCMP_ARCH_" + machine(architecture));
        return Payloads.mapper().writeValueAsString(profile);
    }

    /**
     * The profile as the kernel takes it.
     *
     * @param architecture as Java or docker names it
     * @throws SandboxException {@code ISOLATION_REFUSED} for a machine that it was not written for
     */
    static SystemCallFilter program(String architecture) throws IOException {
        return SystemCallFilter.of(machine(architecture));
    }

    static JsonNode rules() throws IOException {
        return read().path("syscalls");
    }

    private static SystemCallFilter.Machine machine(String architecture) throws SandboxException {
        return switch (architecture) {
            case "x86_64", "amd64" -> SystemCallFilter.Machine.X86_64;
            case "aarch64", "arm64" -> SystemCallFilter.Machine.AARCH64;
            default ->
                throw new SandboxException(
                        FailureType.ISOLATION_REFUSED,
                        "no system call filter for machines of the kind " + architecture
                                + "; run sandboxes on x86_64 or aarch64");
        };
    }

    private static ObjectNode read() throws IOException {
        try (InputStream in = Objects.requireNonNull(SeccompProfile.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return (ObjectNode) Payloads.mapper().readTree(in);
        }
    }
}
