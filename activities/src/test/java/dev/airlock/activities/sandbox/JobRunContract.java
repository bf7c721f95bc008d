package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a real engine: what they give, and what interrupts them. */
abstract class JobRunContract {
    @TempDir
    Path directory;

    JobFixture fixture;

    abstract TestEngine kind();

    /** Takes its sandbox away, as a person does. */
    abstract void removeFromOutside(SandboxJob job) throws Exception;

    /** Ends process 1 of its sandbox, as a person does. */
    abstract void killFromOutside(SandboxJob job) throws Exception;

    @BeforeEach
    void open() throws Exception {
        fixture = JobFixture.on(kind(), directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void givesExitCodeOutputAndArtifacts() throws Exception {
        var task = fixture.stores.artifacts().put("the task".getBytes(StandardCharsets.UTF_8));
        SandboxJob job = fixture.job(
                "cat $AIRLOCK_INPUT/task.md $AIRLOCK_INPUT/reason.txt; ls $AIRLOCK_INPUT; env | sort | cut -d= -f1; id -u; "
                        + "mkdir -p report; echo r > report/a.xml; echo no > other; src/run.sh; exit 7",
                CommandSpec.Limits.DEFAULT,
                new SandboxJob.Input(task, null, null, "because"),
                null,
                List.of("report/**"));
        SandboxResult.Ended result = fixture.ended(job);
        assertThat(result.command().exitCode()).isEqualTo(7);
        assertThat(result.command().limit()).isNull();
        assertThat(result.content()).isNull();
        assertThat(fixture.text(result.command().report()))
                .startsWith("the taskbecauseattempt\nreason.txt\ntask.md\n")
                .contains("AIRLOCK_ATTEMPT\nAIRLOCK_INPUT\nAIRLOCK_RUN\nAIRLOCK_STEP\nHOME\nLANG\nPATH\nPWD\nTMPDIR\n")
                .endsWith("hello from /workspace\n");
        assertThat(fixture.text(result.command().artifacts()))
                .contains("\"path\":\"report/a.xml\"")
                .doesNotContain("other");
        assertThat(result.command().image()).startsWith("sha256:");
        assertThat(result.command().engine()).isEqualTo(fixture.engine.identity());
    }

    @Test
    void makesACheckpointOfWhatAPassedGenerateLeft() throws Exception {
        SandboxJob job =
                fixture.generate("rm README.md; echo new > src/new.txt; chmod +x src/new.txt; ln -s src/new.txt n");
        SandboxResult.Ended result = fixture.ended(job);
        Checkpoint content = Objects.requireNonNull(result.content());
        assertThat(fixture.tree(content.commit()))
                .containsOnlyKeys("src/run.sh", "src/new.txt", "link", "n")
                .containsEntry("src/new.txt", "x:new\n")
                .containsEntry("n", "-> src/new.txt");
        assertThat(fixture.findings(result)).containsExactly("WARN collect/link n");
    }

    @Test
    void givesTheSameResultAgainWithoutRunningAgain() throws Exception {
        SandboxJob job = fixture.job("cat /proc/sys/kernel/random/uuid");
        SandboxResult first = fixture.run(job);
        assertThat(fixture.run(job)).isEqualTo(first);
    }

    @Test
    void anotherWorkerGoesOnWhereTheFirstOneLeft() throws Exception {
        SandboxJob job =
                fixture.job("cat /proc/sys/kernel/random/uuid; for i in $(seq 1 40); do echo $i; sleep 0.1; done");
        StopSwitch stop = new StopSwitch();
        CompletableFuture<Void> first = inBackground(fixture.engine, job, stop);
        awaitOutput(job, "5\n");
        stop.set(StopSignal.Stop.DETACH);
        assertThatThrownBy(first::join).hasCauseInstanceOf(StoppedException.class);
        try (SandboxEngine second = fixture.engine()) {
            SandboxResult result = new JobRun(second, fixture.stores, job, JobFixture.GO_ON).run();
            String output =
                    fixture.text(((SandboxResult.Ended) result).command().report());
            assertThat(output.lines().skip(1))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 40)
                            .mapToObj(Integer::toString)
                            .toList());
        }
    }

    @Test
    void aWorkerThatIsStillAttachedDoesNotHinderTheNext() throws Exception {
        SandboxJob job = fixture.job("for i in $(seq 1 30); do echo $i; sleep 0.1; done");
        CompletableFuture<Void> zombie = inBackground(fixture.engine, job, JobFixture.GO_ON);
        awaitOutput(job, "3\n");
        try (SandboxEngine second = fixture.engine()) {
            SandboxResult result = new JobRun(second, fixture.stores, job, JobFixture.GO_ON).run();
            assertThat(((SandboxResult.Ended) result).command().passed()).isTrue();
        }
        assertThatThrownBy(zombie::join).hasMessageContaining("taken over");
    }

    @Test
    void cancellingLeavesNothing() throws Exception {
        SandboxJob job = fixture.job("echo started; sleep 60");
        StopSwitch stop = new StopSwitch();
        CompletableFuture<Void> running = inBackground(fixture.engine, job, stop);
        awaitOutput(job, "started");
        stop.set(StopSignal.Stop.CANCEL);
        assertThatThrownBy(running::join).hasCauseInstanceOf(StoppedException.class);
        assertThat(fixture.engine.exists(JobFixture.container(job))).isFalse();
    }

    @Test
    void aSandboxThatSomebodyRemovesIsLost() throws Exception {
        SandboxJob job = fixture.job("echo started; sleep 60");
        CompletableFuture<SandboxResult> running = CompletableFuture.supplyAsync(() -> run(fixture.engine, job));
        awaitOutput(job, "started");
        removeFromOutside(job);
        assertThat(running.join()).isInstanceOf(SandboxResult.Lost.class);
        assertThat(fixture.run(job)).isInstanceOf(SandboxResult.Lost.class);
    }

    @Test
    void aCommandThatMayHaveRunIsNeverRunInASecondSandbox() throws Exception {
        SandboxJob job = fixture.job("echo once");
        new JobFiles(fixture.stores.output(), job.at()).begin();
        assertThat(fixture.run(job)).isInstanceOf(SandboxResult.Lost.class);
    }

    @Test
    void aSandboxThatIsKilledHasDied() throws Exception {
        SandboxJob job = fixture.job("echo started; sleep 60");
        CompletableFuture<SandboxResult> running = CompletableFuture.supplyAsync(() -> run(fixture.engine, job));
        awaitOutput(job, "started");
        killFromOutside(job);
        assertThat(running.join()).isInstanceOf(SandboxResult.Died.class);
    }

    @Test
    void refusesASandboxThatWasMadeFromAnotherJob() throws Exception {
        SandboxJob job = fixture.job("echo one; sleep 30");
        StopSwitch stop = new StopSwitch();
        CompletableFuture<Void> running = inBackground(fixture.engine, job, stop);
        awaitOutput(job, "one");
        SandboxJob other = new SandboxJob(
                job.installation(),
                job.at(),
                job.tree(),
                new CommandSpec(List.of("echo", "two"), "base", job.command().limits()),
                job.input(),
                job.product(),
                job.scheduledAt());
        assertThatThrownBy(() -> fixture.run(other))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.CONFLICT))
                .hasMessageContaining("made from another job");
        assertThat(fixture.engine.exists(JobFixture.container(job))).isTrue();
        stop.set(StopSignal.Stop.CANCEL);
        assertThatThrownBy(running::join).isInstanceOf(CompletionException.class);
    }

    @Test
    void namesAnImageThatIsNotRegistered() throws Exception {
        SandboxJob job = fixture.job("true");
        SandboxJob other = new SandboxJob(
                job.installation(),
                job.at(),
                job.tree(),
                new CommandSpec(List.of("true"), "nowhere", job.command().limits()),
                job.input(),
                job.product(),
                job.scheduledAt());
        assertThatThrownBy(() -> fixture.run(other))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.IMAGE_ABSENT))
                .hasMessageContaining("airlock image add nowhere --");
    }

    @Test
    void saysWhenTheFilesDoNotFitOnTheDisk() throws Exception {
        var limits = new CommandSpec.Limits(1000, 64 << 20, 4096, 64, Duration.ofSeconds(20), 1 << 20);
        assertThatThrownBy(() -> fixture.run(fixture.job("true", limits)))
                .isInstanceOfSatisfying(
                        SandboxException.class, e -> assertThat(e.type()).isEqualTo(FailureType.TOO_LARGE));
    }

    @Test
    void aMissingProgramIsRed() throws Exception {
        SandboxJob job = fixture.job("true");
        SandboxJob other = new SandboxJob(
                job.installation(),
                job.at(),
                job.tree(),
                new CommandSpec(
                        List.of("no-such-program"), "base", job.command().limits()),
                job.input(),
                job.product(),
                job.scheduledAt());
        assertThat(fixture.ended(other).command().exitCode()).isEqualTo(127);
    }

    private CompletableFuture<Void> inBackground(SandboxEngine engine, SandboxJob job, StopSignal stop) {
        return CompletableFuture.runAsync(() -> {
            try {
                new JobRun(engine, fixture.stores, job, stop).run();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    SandboxResult run(SandboxEngine engine, SandboxJob job) {
        try {
            return new JobRun(engine, fixture.stores, job, JobFixture.GO_ON).run();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    void awaitOutput(SandboxJob job, String text) throws Exception {
        Path output = fixture.output(job);
        for (int tries = 0; tries < 600; tries++) {
            if (Files.exists(output) && Files.readString(output).contains(text)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the command did not print " + text);
    }
}
