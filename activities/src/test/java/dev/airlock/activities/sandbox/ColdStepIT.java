package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
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

    @Test
    void filesGoInAndOutAtTheSpeedOfTheChannel() throws Exception {
        try (JobFixture fixture = JobFixture.in(directory)) {
            long start = System.nanoTime();
            SandboxResult.Ended made = fixture.ended(
                    fixture.generate(
                            "head -c 100000000 /dev/urandom > big; mkdir many; for i in $(seq 1 5000); do echo $i > many/$i; done"));
            long out = (System.nanoTime() - start) / NANOS_PER_MILLI;
            CommitId commit = Objects.requireNonNull(made.content()).commit();
            start = System.nanoTime();
            SandboxJob job = fixture.job("ls many | wc -l; wc -c < big");
            SandboxResult.Ended read = fixture.ended(new SandboxJob(
                    job.installation(),
                    job.at(),
                    new SandboxJob.Tree("orders", job.tree().base(), commit),
                    job.command(),
                    job.input(),
                    job.product(),
                    job.scheduledAt()));
            long in = (System.nanoTime() - start) / NANOS_PER_MILLI;
            System.out.printf("100 MB and 5,000 files: made, collected, committed %d ms; put %d ms%n", out, in);
            assertThat(fixture.text(read.command().report())).isEqualTo("5000\n100000000\n");
        }
    }
}
