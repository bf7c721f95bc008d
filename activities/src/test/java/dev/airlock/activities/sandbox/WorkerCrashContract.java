package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workspace.git.Workspaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that dies, as by {@code kill -9}, at every point that matters; the next one takes the job up. */
abstract class WorkerCrashContract {
    private static final int KILLED = 137;

    @TempDir
    Path directory;

    private JobFixture fixture;

    abstract TestEngine kind();

    /** How often a sandbox of that job was started; the command's nonce says how often it ran. */
    abstract long starts(SandboxJob job) throws Exception;

    @BeforeEach
    void open() throws Exception {
        fixture = JobFixture.on(kind(), directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    /** A worker process that carries one job. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            SandboxJob job = Payloads.mapper().readValue(Files.readAllBytes(Path.of(arguments[1])), SandboxJob.class);
            SandboxStores stores = new SandboxStores(
                    new Workspaces(directory.resolve("workspaces")),
                    new DirectoryArtifactStore(directory.resolve("artifacts")),
                    directory.resolve("output"));
            try (SandboxEngine engine = TestEngine.valueOf(arguments[2]).open(job.installation(), directory)) {
                new JobRun(engine, stores, job, JobFixture.GO_ON).run();
            }
        }
    }

    private Process worker(SandboxJob job, String failpoint) throws Exception {
        Path file = directory.resolve("job.json");
        Files.write(file, Payloads.mapper().writeValueAsBytes(job));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dairlock.home=" + System.getProperty("airlock.home"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        directory.toString(),
                        file.toString(),
                        kind().name())
                .inheritIO();
        builder.environment().put("AIRLOCK_FAILPOINTS", failpoint);
        return builder.start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sandbox.created",
                "sandbox.leased",
                "sandbox.started",
                "sandbox.ended",
                "sandbox.collected",
                "sandbox.durable",
                "sandbox.released"
            })
    void theCommandRunsOnceWhereverTheWorkerDies(String failpoint) throws Exception {
        SandboxJob job = fixture.generate(
                "cat /proc/sys/kernel/random/uuid | tee nonce; for i in $(seq 1 9); do echo $i; sleep 0.05; done");
        assertThat(worker(job, failpoint).waitFor()).isEqualTo(KILLED);
        SandboxResult.Ended result = fixture.ended(job);
        List<String> lines = fixture.text(result.command().report()).lines().toList();
        assertThat(lines).hasSize(10).endsWith("1", "2", "3", "4", "5", "6", "7", "8", "9");
        Checkpoint content = Objects.requireNonNull(result.content());
        assertThat(fixture.tree(content.commit())).containsEntry("nonce", lines.getFirst() + "\n");
        assertThat(starts(job)).isEqualTo(1);
        assertThat(fixture.run(job)).isEqualTo(result);
        assertThat(fixture.engine.exists(JobFixture.container(job))).isFalse();
    }

    @Test
    void theOutputGoesOnWhereAKilledWorkerLeftIt() throws Exception {
        SandboxJob job =
                fixture.job("cat /proc/sys/kernel/random/uuid; for i in $(seq 1 60); do echo $i; sleep 0.1; done");
        Process worker = worker(job, "");
        Path output = fixture.output(job);
        for (int tries = 0;
                tries < 600
                        && !(Files.exists(output) && Files.readString(output).contains("\n9\n"));
                tries++) {
            Thread.sleep(50);
        }
        worker.destroyForcibly();
        assertThat(worker.waitFor()).isEqualTo(KILLED);
        long kept = Files.size(output);
        assertThat(kept).isPositive();
        SandboxResult.Ended result = fixture.ended(job);
        List<String> lines = fixture.text(result.command().report()).lines().toList();
        assertThat(lines).hasSize(61).last().isEqualTo("60");
        assertThat(starts(job)).isEqualTo(1);
    }
}
