package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that goes away and comes back. It is this test's own, since others must not lose theirs. */
class DockerOutageIT {
    private static final Path MACHINE = Path.of(
            System.getProperty("java.io.tmpdir"),
            "airlock-outage-" + ProcessHandle.current().pid());

    @TempDir
    Path directory;

    private TestDocker docker;
    private JobFixture fixture;

    @BeforeEach
    void start() throws Exception {
        docker = TestDocker.own(Files.createDirectories(MACHINE));
        fixture = JobFixture.on(docker, directory);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
        docker.stop();
    }

    @AfterAll
    static void clear() throws Exception {
        TestDocker.clear(MACHINE);
    }

    private CompletableFuture<SandboxResult> inBackground(SandboxJob job) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.run(job);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    private void awaitOutput(SandboxJob job) throws Exception {
        for (int tries = 0; tries < 600; tries++) {
            if (Files.exists(fixture.output(job)) && Files.size(fixture.output(job)) > 0) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the command printed nothing");
    }

    @Test
    void aJobWaitsForADaemonThatIsDown() throws Exception {
        docker.stop();
        CompletableFuture<SandboxResult> running = inBackground(fixture.job("echo here"));
        Thread.sleep(1500);
        assertThat(running).isNotDone();
        docker.startAgain();
        SandboxResult result = running.get(60, TimeUnit.SECONDS);
        assertThat(fixture.text(((SandboxResult.Ended) result).command().report()))
                .isEqualTo("here\n");
    }

    @Test
    void whatAKilledDaemonTakesWithItIsLost() throws Exception {
        SandboxJob job = fixture.job("echo started; sleep 60");
        CompletableFuture<SandboxResult> running = inBackground(job);
        awaitOutput(job);
        docker.kill();
        docker.startAgain();
        assertThat(running.get(60, TimeUnit.SECONDS)).isInstanceOf(SandboxResult.Lost.class);
    }

    @Test
    void whatAStoppedDaemonTakesWithItIsLost() throws Exception {
        SandboxJob job = fixture.job("echo started; sleep 60");
        CompletableFuture<SandboxResult> running = inBackground(job);
        awaitOutput(job);
        docker.stop();
        docker.startAgain();
        assertThat(running.get(60, TimeUnit.SECONDS)).isInstanceOf(SandboxResult.Lost.class);
    }
}
