package dev.airlock.cli.doctor;

import dev.airlock.activities.hostile.CaseResult;
import dev.airlock.activities.hostile.HostileCase;
import dev.airlock.activities.hostile.HostileSuite;
import dev.airlock.activities.hostile.Selftest;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.cli.session.Scratch;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.worker.SandboxEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The hostile suite's harmless part, in one sandbox that is gone afterwards. */
final class Attempts {
    /** One of each kind; the whole of it is for {@code sandbox selftest}. */
    private static final List<String> NAMES = List.of(
            "init-mem",
            "init-prlimit",
            "capabilities",
            "unshare",
            "mount",
            "io-uring",
            "core-pattern",
            "daemon-sockets",
            "root-write",
            "metadata",
            "vsock");

    private Attempts() {}

    static List<CaseResult> in(Optional<String> engine) throws IOException {
        Path program = DevEnvironment.home().resolve("hostile/target/hostile");
        if (!Files.isExecutable(program)) {
            return List.of();
        }
        List<HostileCase> cases = NAMES.stream()
                .map(HostileSuite.of(program)::find)
                .flatMap(Optional::stream)
                .toList();
        Path scratch = Files.createTempDirectory("airlock-doctor");
        StateDirectory state = StateDirectory.apart(scratch.resolve("state")).create();
        try (SandboxEngine opened = new SandboxEngines(state, DevEnvironment.home()).open(engine)) {
            Path room = Files.createDirectories(scratch.resolve("trials"));
            try (Selftest selftest = Selftest.of(opened, state.installation(), room, program)) {
                return selftest.together(cases);
            }
        } finally {
            Scratch.delete(scratch);
        }
    }
}
