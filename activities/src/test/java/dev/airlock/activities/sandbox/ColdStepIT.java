package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.nio.file.Files;
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
        long[] bubblewrap = new long[ROUNDS];
        try (JobFixture fixture = JobFixture.in(Files.createDirectory(directory.resolve("docker")));
                JobFixture other =
                        JobFixture.on(TestEngine.BUBBLEWRAP, Files.createDirectory(directory.resolve("bubblewrap")))) {
            fixture.run(fixture.job("true"));
            other.run(other.job("true"));
            for (int i = 0; i < ROUNDS; i++) {
                ours[i] = millis(fixture);
                bubblewrap[i] = millis(other);
                long start = System.nanoTime();
                TestDocker.shared().docker("run", "--rm", "--network", "none", "airlock-base:latest", "true");
                theirs[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
            }
        }
        Arrays.sort(ours);
        Arrays.sort(theirs);
        Arrays.sort(bubblewrap);
        System.out.printf(
                "cold step: docker %s; bubblewrap %s; docker run --rm --network none %s%n",
                shown(ours), shown(bubblewrap), shown(theirs));
        assertThat(ours[ROUNDS / 2]).isLessThan(10 * theirs[ROUNDS / 2]);
        assertThat(bubblewrap[ROUNDS / 2]).isLessThan(10 * theirs[ROUNDS / 2]);
    }

    private static long millis(JobFixture fixture) throws IOException {
        SandboxJob job = fixture.job("true");
        long start = System.nanoTime();
        fixture.run(job);
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    private static String shown(long[] sorted) {
        return "median %d ms (%d..%d)".formatted(sorted[ROUNDS / 2], sorted[0], sorted[ROUNDS - 1]);
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
