package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.FileSender;
import dev.airlock.activities.sandbox.init.Root;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workspace.git.ContentSource;
import dev.airlock.workspace.git.TreeVisitor;
import dev.airlock.workspace.git.WorkspaceRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a job brings into its sandbox: the tree, the files beside it, the command and its environment (CONTRACT §10). */
final class JobInputs {
    private static final long OUTPUT_MOST = 1 << 20;

    private final SandboxJob job;
    private final SandboxStores stores;
    private final StopSignal stop;

    JobInputs(SandboxJob job, SandboxStores stores, StopSignal stop) {
        this.job = job;
        this.stores = stores;
        this.stop = stop;
    }

    /** Sending everything again is harmless, so a worker that finds a sandbox half filled starts over. */
    void putInto(Sandbox sandbox) throws IOException {
        try (WorkspaceRepository repository =
                stores.workspaces().open(job.tree().workspace())) {
            sandbox.put(Root.WORKSPACE, to -> repository.read(job.tree().commit(), new Sending(to)));
        }
        sandbox.put(Root.INPUT, this::sendInput);
    }

    private final class Sending implements TreeVisitor {
        private final FileSender to;

        Sending(FileSender to) {
            this.to = to;
        }

        @Override
        public void directory(String path) throws IOException {
            to.directory(path);
        }

        @Override
        public void file(String path, boolean executable, long size, ContentSource content) throws IOException {
            stop.check();
            try (InputStream in = content.open()) {
                to.file(path, executable, size, in);
            }
        }

        @Override
        public void link(String path, byte[] target) throws IOException {
            to.link(path, target);
        }
    }

    private void sendInput(FileSender to) throws IOException {
        SandboxJob.Input input = job.input();
        to.file("attempt", false, (job.at().attempt() + "\n").getBytes(StandardCharsets.UTF_8));
        artifact(to, "task.md", input.task(), Long.MAX_VALUE);
        artifact(to, "findings.json", input.findings(), Long.MAX_VALUE);
        artifact(to, "output.txt", input.output(), OUTPUT_MOST);
        String reason = input.reason();
        if (reason != null) {
            to.file("reason.txt", false, reason.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The artifact's last bytes. */
    private void artifact(FileSender to, String name, @Nullable Digest digest, long most) throws IOException {
        if (digest == null) {
            return;
        }
        ArtifactStore artifacts = stores.artifacts();
        try (InputStream in = artifacts.open(digest)) {
            long size = artifacts.size(digest);
            long skipped = Math.max(0, size - most);
            in.skipNBytes(skipped);
            to.file(name, false, size - skipped, in);
        } catch (NoSuchFileException e) {
            throw new SandboxException(
                    FailureType.CORRUPT,
                    name + " of " + job.at().run() + " " + job.at().label() + " (" + digest
                            + ") is not in the artifact store any more",
                    e);
        }
    }

    String token() {
        return Names.command(job.installation(), job.at(), 0);
    }

    /** In both spellings: some programs know the one, some the other. */
    private static void nameProxy(SortedMap<String, String> environment) {
        String proxy = "http://127.0.0.1:" + SandboxLayout.PROXY_PORT;
        String inside = "localhost,127.0.0.1,::1";
        environment.put("http_proxy", proxy);
        environment.put("https_proxy", proxy);
        environment.put("no_proxy", inside);
        environment.put("HTTP_PROXY", proxy);
        environment.put("HTTPS_PROXY", proxy);
        environment.put("NO_PROXY", inside);
    }

    Command command() {
        StepAttempt at = job.at();
        SortedMap<String, String> environment = CommandEnvironment.everywhere();
        environment.put("AIRLOCK_RUN", at.run().value());
        environment.put("AIRLOCK_STEP", at.step());
        environment.put("AIRLOCK_ATTEMPT", Integer.toString(at.attempt()));
        if (job.command().network() != null) {
            nameProxy(environment);
        }
        return new Command(
                token(),
                job.command().argv(),
                environment,
                "",
                job.command().limits().timeout());
    }
}
