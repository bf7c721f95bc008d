package dev.airlock.cli.sandbox;

import dev.airlock.cli.Golden;
import dev.airlock.cli.session.Answers;
import dev.airlock.cli.session.Items;
import dev.airlock.evidence.files.FileManifest;
import dev.airlock.starter.session.CommandAnswer;
import dev.airlock.starter.session.SandboxStatus;
import dev.airlock.starter.session.TransferAnswer;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.SandboxId;
import dev.airlock.workflows.sandbox.EngineIdentity;
import dev.airlock.workflows.sandbox.Limit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What programs get of interactive sandboxes. */
class SandboxAnswersTest {
    private static final SandboxId ID = new SandboxId("sandbox-" + "a".repeat(26));
    private static final Instant TIME = Instant.parse("2026-11-23T14:00:00Z");
    private static final Digest OUTPUT = new Digest("sha256:" + "4".repeat(64));

    private static SandboxStatus status(String state, @Nullable String outcome) {
        EngineIdentity engine = new EngineIdentity("docker", "runc", "hardened");
        return new SandboxStatus(ID, state, TIME, outcome == null ? engine : null, "user:ann", TIME, outcome);
    }

    @Test
    void aboutSandboxes() throws IOException {
        check("sandbox-start", SandboxAnswer.of(status("READY", null)));
        check("sandbox-extend", SandboxAnswer.of(status("SNAPSHOT", null)));
        check("sandbox-stop", SandboxAnswer.of(status("ENDED", "STOPPED")));
        check("sandbox-list", new Items<>(List.of(SandboxAnswer.of(status("READY", null))), null));
    }

    @Test
    void aboutCommands() throws IOException {
        byte[] output = "hello\n".getBytes(StandardCharsets.UTF_8);
        check("sandbox-exec", ExecAnswer.of(new CommandAnswer(ID, 3, 0, null, OUTPUT, 6, false, null), output));
        check(
                "sandbox-exec-limit",
                ExecAnswer.of(new CommandAnswer(ID, 4, null, Limit.OUTPUT, OUTPUT, 100, true, null), output));
    }

    @Test
    void aboutFiles() throws IOException {
        List<FileManifest.Refused> refused = List.of(new FileManifest.Refused("pipe", "fifo"));
        check("sandbox-get", TransferAnswers.of(new TransferAnswer(ID, 2, 10, refused, null)));
        check("sandbox-put", TransferAnswers.of(new TransferAnswer(ID, 1, 5, List.of(), null)));
    }

    private static void check(String name, Object answer) throws IOException {
        Golden.check(name, Answers.line(answer) + "\n");
    }
}
