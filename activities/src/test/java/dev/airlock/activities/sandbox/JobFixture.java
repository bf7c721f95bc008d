package dev.airlock.activities.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.airlock.activities.egress.EgressGuard;
import dev.airlock.activities.egress.EgressSettings;
import dev.airlock.activities.output.OutputPublisher;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Network;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import dev.airlock.workflows.validate.Finding;
import dev.airlock.workspace.git.ContentSource;
import dev.airlock.workspace.git.TreeVisitor;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A state directory with one workspace, and jobs on it. */
final class JobFixture implements AutoCloseable {
    static final StopSignal GO_ON = () -> StopSignal.Stop.NONE;

    final String installation = "test-" + UUID.randomUUID();
    final SandboxStores stores;
    final SandboxEngine engine;
    private final Opener opener;
    private final Path directory;
    private final CommitId base;
    private final AtomicInteger attempts = new AtomicInteger();

    /** Opens an engine for an installation. */
    interface Opener {
        SandboxEngine open(String installation, Path directory) throws Exception;
    }

    private JobFixture(Opener opener, Path directory) throws Exception {
        this(opener, directory, new EgressGuard(EgressSettings.of(Map.of())));
    }

    private JobFixture(Opener opener, Path directory, EgressGuard egress) throws Exception {
        this.opener = opener;
        this.directory = directory;
        this.stores = new SandboxStores(
                new Workspaces(directory.resolve("workspaces")),
                new DirectoryArtifactStore(directory.resolve("artifacts")),
                directory.resolve("output"),
                OutputPublisher.NONE,
                egress);
        this.base = workspace(directory.resolve("from"));
        this.engine = engine();
    }

    static JobFixture in(Path directory) throws Exception {
        return on(TestEngine.DOCKER, directory);
    }

    static JobFixture on(TestEngine engine, Path directory) throws Exception {
        return new JobFixture(engine::open, directory);
    }

    static JobFixture on(TestEngine engine, Path directory, EgressGuard egress) throws Exception {
        return new JobFixture(engine::open, directory, egress);
    }

    static JobFixture on(TestDocker docker, Path directory) throws Exception {
        return new JobFixture(docker::engine, directory);
    }

    SandboxEngine engine() throws Exception {
        return opener.open(installation, directory);
    }

    private CommitId workspace(Path from) throws IOException {
        Files.createDirectories(from.resolve("src"));
        Files.writeString(from.resolve("README.md"), "read me\n");
        Files.writeString(from.resolve("src/run.sh"), "#!/bin/sh\necho hello from $PWD\n");
        assertThat(from.resolve("src/run.sh").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(from.resolve("link"), Path.of("src/run.sh"));
        try (WorkspaceRepository repository = stores.workspaces().create("orders", from, "main")) {
            return repository.tip("main").orElseThrow();
        }
    }

    StepAttempt nextAttempt() {
        return new StepAttempt(new RunId("run-" + "b".repeat(26)), "test", attempts.incrementAndGet());
    }

    /** A test step of that script. */
    SandboxJob job(String script) {
        return job(script, CommandSpec.Limits.DEFAULT, SandboxJob.Input.NONE, null, List.of());
    }

    SandboxJob job(String script, CommandSpec.Limits limits) {
        return job(script, limits, SandboxJob.Input.NONE, null, List.of());
    }

    /** A test step of that script, which may reach that. */
    SandboxJob job(String script, Network network) {
        SandboxJob job = job(script);
        CommandSpec plain = job.command();
        CommandSpec command = new CommandSpec(plain.argv(), plain.image(), plain.limits(), network);
        return new SandboxJob(
                job.installation(), job.at(), job.tree(), command, job.input(), job.product(), job.scheduledAt());
    }

    /** A generate step of that script. */
    SandboxJob generate(String script) {
        return job(script, CommandSpec.Limits.DEFAULT, SandboxJob.Input.NONE, new Principal("agent:smith"), List.of());
    }

    SandboxJob job(
            String script,
            CommandSpec.Limits limits,
            SandboxJob.Input input,
            @Nullable Principal author,
            List<String> artifacts) {
        return new SandboxJob(
                installation,
                nextAttempt(),
                new SandboxJob.Tree("orders", base, base),
                new CommandSpec(List.of("/bin/sh", "-c", script), "base", limits),
                input,
                new SandboxJob.Product(author, artifacts),
                Instant.parse("2026-01-02T03:04:05Z"));
    }

    static CommandSpec.Limits limits(long memoryMiB, long diskMiB, int pids, Duration timeout, long outputMiB) {
        return new CommandSpec.Limits(1000, memoryMiB << 20, diskMiB << 20, pids, timeout, outputMiB << 20);
    }

    static String container(SandboxJob job) {
        return Names.sandbox(job.installation(), job.at());
    }

    SandboxResult run(SandboxJob job) throws IOException {
        return new JobRun(engine, stores, job, GO_ON).run();
    }

    SandboxResult.Ended ended(SandboxJob job) throws IOException {
        SandboxResult result = run(job);
        assertThat(result).isInstanceOf(SandboxResult.Ended.class);
        return (SandboxResult.Ended) result;
    }

    Path output(SandboxJob job) {
        return new JobFiles(stores.output(), job.at()).output();
    }

    String text(@Nullable Digest digest) throws IOException {
        assertThat(digest).isNotNull();
        if (digest == null) {
            return "";
        }
        try (InputStream in = stores.artifacts().open(digest)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    List<String> findings(SandboxResult.Ended result) throws IOException {
        if (result.findings() == null) {
            return List.of();
        }
        Finding[] all = Payloads.mapper().readValue(text(result.findings()), Finding[].class);
        return Arrays.stream(all)
                .map(one -> one.severity() + " " + one.rule() + " " + one.path())
                .toList();
    }

    Map<String, String> tree(CommitId commit) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (WorkspaceRepository repository = stores.workspaces().open("orders")) {
            repository.read(commit, new TreeVisitor() {
                @Override
                public void directory(String path) {}

                @Override
                public void file(String path, boolean executable, long size, ContentSource content) throws IOException {
                    try (InputStream in = content.open()) {
                        found.put(
                                path, (executable ? "x:" : "") + new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }

                @Override
                public void link(String path, byte[] target) {
                    found.put(path, "-> " + new String(target, StandardCharsets.UTF_8));
                }
            });
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        List<SandboxEngine.Listed> left = engine.list(installation);
        for (SandboxEngine.Listed one : left) {
            engine.remove(one.name());
        }
        engine.close();
        assertThat(left).as("sandboxes left behind").isEmpty();
    }
}
