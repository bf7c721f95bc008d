package dev.airlock.cli.audit;

import dev.airlock.cli.Golden;
import dev.airlock.cli.session.Answers;
import dev.airlock.evidence.checkpoint.NewestCheckpoint.Signed;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointCommandTest {
    @Test
    void answersWithOneObject() throws IOException {
        Golden.check(
                "audit-checkpoint",
                Answers.line(new CheckpointCommand.Answer(
                                "4be1f0d2a1c6b8e3f9075d4c2b1a09f8e7d6c5b4",
                                true,
                                120,
                                "airlock/abcdefghijklmnop+0a1b2c3d+AQIDBA==",
                                List.of(new Signed(
                                        0,
                                        120,
                                        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                                        Instant.parse("2026-01-01T00:00:00Z"),
                                        "airlock/abcdefghijklmnop/audit/0\n120\n..."))))
                        + "\n");
    }

    @Test
    void saysWhatItExported() throws IOException {
        Golden.check(
                "audit-export",
                Answers.line(new ExportCommand.Answer(
                                "/home/anna/evidence",
                                14,
                                12,
                                "4be1f0d2a1c6b8e3f9075d4c2b1a09f8e7d6c5b4",
                                List.of("checkpoint-0", "key", "proofs.ndjson", "run-4q5w.ndjson")))
                        + "\n");
    }
}
