package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** On a real docker daemon, and what only its attach does. */
class DockerJobRunIT extends JobRunContract {
    @Override
    TestEngine kind() {
        return TestEngine.DOCKER;
    }

    @Override
    void removeFromOutside(SandboxJob job) throws Exception {
        TestDocker.shared().docker("rm", "-f", JobFixture.container(job));
    }

    @Override
    void killFromOutside(SandboxJob job) throws Exception {
        TestDocker.shared().docker("kill", JobFixture.container(job));
    }

    @Test
    void aClientThatStopsReadingHoldsTheJobUpOnlyWhileItLives() throws Exception {
        SandboxJob job = fixture.job("echo started; sleep 2; yes 0123456789abcde | head -c 8000000");
        CompletableFuture<SandboxResult> running = CompletableFuture.supplyAsync(() -> run(fixture.engine, job));
        awaitOutput(job, "started");
        Process stalled = new ProcessBuilder(
                        "docker",
                        "-H",
                        TestDocker.shared().host().toString(),
                        "attach",
                        "--no-stdin",
                        "--sig-proxy=false",
                        JobFixture.container(job))
                .start();
        try {
            Thread.sleep(500);
            new ProcessBuilder("kill", "-STOP", Long.toString(stalled.pid()))
                    .start()
                    .waitFor();
            assertThatThrownBy(() -> running.get(8, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        } finally {
            stalled.destroyForcibly();
        }
        SandboxResult.Ended result = (SandboxResult.Ended) running.get(60, TimeUnit.SECONDS);
        assertThat(result.command().passed()).isTrue();
        String output = fixture.text(result.command().report());
        assertThat(output).hasSize(8 + 8_000_000);
        assertThat(output.substring(8).replace("0123456789abcde\n", "")).isEmpty();
    }
}
