package dev.airlock.activities.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BubblewrapDeathsTest {
    private static final String NAME = "airlock-killed";
    private static final byte[] KILLED = "{\"exit-code\": 137}\n".getBytes(US_ASCII);

    @TempDir
    private Path directory;

    private BubblewrapDirectory sandboxes;
    private BubblewrapRecord sandbox;

    @BeforeEach
    void killed() throws IOException {
        sandboxes = new BubblewrapDirectory(directory);
        StepAttempt at = new StepAttempt(new RunId("run-" + "a".repeat(26)), "test", 1);
        sandbox = new BubblewrapRecord(
                NAME,
                new BubblewrapRecord.Job("installation", at.run().value(), "test", 1, "sha256:job", "host"),
                new BubblewrapRecord.Made(100_000, List.of(), "sha256:profile", Instant.EPOCH, Instant.MAX),
                null);
        assertThat(sandboxes.create(sandbox, Map.of(BubblewrapDirectory.STATUS, KILLED)))
                .isTrue();
    }

    @Test
    void oneThatWasKilledHasDied() throws IOException {
        assertThat(new BubblewrapDeaths(sandboxes).of(sandbox).death()).isEqualTo(SandboxGone.Death.DIED);
    }

    @Test
    void oneThatWasKilledToBeRemovedIsLost() throws IOException {
        sandboxes.beginRemoval(NAME);
        assertThat(new BubblewrapDeaths(sandboxes).of(sandbox).death()).isEqualTo(SandboxGone.Death.LOST);
    }

    @Test
    void oneThatIsNotThereAnyMoreIsLostAndCannotBeginToBe() throws IOException {
        sandboxes.remove(NAME);
        sandboxes.beginRemoval(NAME);
        assertThat(new BubblewrapDeaths(sandboxes).of(sandbox).death()).isEqualTo(SandboxGone.Death.LOST);
    }
}
