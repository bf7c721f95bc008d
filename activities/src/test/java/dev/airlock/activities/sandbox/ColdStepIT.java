package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.sandbox.SandboxJob;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a step costs beyond its command, beside docker's own command in the same minute. Prints; only a disaster fails. */
class ColdStepIT {
    private static final int ROUNDS = 9;
    private static final long NANOS_PER_MILLI = 1_000_000;

    @TempDir
    Path directory;

    @Test
    void aColdStepCostsAboutAsMuchAsDockerRun() throws Exception {
        long[] ours = new long[ROUNDS];
        long[] theirs = new long[ROUNDS];
        try (JobFixture fixture = JobFixture.in(directory)) {
            fixture.run(fixture.job("true"));
            for (int i = 0; i < ROUNDS; i++) {
                SandboxJob job = fixture.job("true");
                long start = System.nanoTime();
                fixture.run(job);
                ours[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
                start = System.nanoTime();
                TestDocker.shared().docker("run", "--rm", "--network", "none", "airlock-base:latest", "true");
                theirs[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
            }
        }
        Arrays.sort(ours);
        Arrays.sort(theirs);
        System.out.printf(
                "cold step: median %d ms (%d..%d); docker run --rm --network none: median %d ms (%d..%d)%n",
                ours[ROUNDS / 2], ours[0], ours[ROUNDS - 1], theirs[ROUNDS / 2], theirs[0], theirs[ROUNDS - 1]);
        assertThat(ours[ROUNDS / 2]).isLessThan(10 * theirs[ROUNDS / 2]);
    }
}
