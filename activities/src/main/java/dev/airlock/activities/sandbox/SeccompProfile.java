package dev.airlock.activities.sandbox;

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
        String abi = switch (architecture) {
            case "x86_64", "amd64" -> "SCMP_ARCH_X86_64";
            case "aarch64", "arm64" -> "SCMP_ARCH_AARCH64";
            default ->
                throw new SandboxException(
                        FailureType.ISOLATION_REFUSED,
                        "no system call filter for machines of the kind " + architecture
                                + "; use a docker daemon on x86_64 or aarch64");
        };
        try (InputStream in = Objects.requireNonNull(SeccompProfile.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            ObjectNode profile = (ObjectNode) Payloads.mapper().readTree(in);
            profile.putArray("architectures").add(abi);
            return Payloads.mapper().writeValueAsString(profile);
        }
    }
}
