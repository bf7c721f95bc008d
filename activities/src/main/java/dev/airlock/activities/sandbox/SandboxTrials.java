package dev.airlock.activities.sandbox;

import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.Checkpoint;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Commands in fresh sandboxes outside any run: made, judged and collected exactly as a run's are, and watched step by step.
 * Thread-safe. All that they leave lies below one directory.
 */
public final class SandboxTrials {
    private static final String WORKSPACE = "trial";
    private static final String BRANCH = "main";

    private final SandboxEngine engine;
    private final String installation;
    private final SandboxStores stores;
    private final CommitId base;
    private final AtomicInteger attempts = new AtomicInteger();

    private SandboxTrials(SandboxEngine engine, String installation, SandboxStores stores, CommitId base) {
        this.engine = engine;
        this.installation = installation;
        this.stores = stores;
        this.base = base;
    }

    /**
     * Sets up a workspace of one file.
     *
     * @param installation the engine's owner
     * @param scratch an empty directory
     */
    public static SandboxTrials in(Path scratch, SandboxEngine engine, String installation) throws IOException {
        Path from = Files.createDirectories(scratch.resolve("from"));
        Files.writeString(from.resolve("README.md"), "A workspace for trials.\n", StandardCharsets.UTF_8);
        SandboxStores stores = new SandboxStores(
                new Workspaces(scratch.resolve("workspaces")),
                new DirectoryArtifactStore(scratch.resolve("artifacts")),
                scratch.resolve("output"));
        Files.createDirectories(stores.output());
        try (WorkspaceRepository repository = stores.workspaces().create(WORKSPACE, from, BRANCH)) {
            CommitId base = repository.tip(BRANCH).orElseThrow();
            return new SandboxTrials(engine, installation, stores, base);
        }
    }

    /**
     * Makes a sandbox, with nothing in it.
     *
     * @param spec what is tried in it; its image is a registered one's name
     * @param collected whether its tree is taken when it passes
     */
    public SandboxTrial open(CommandSpec spec, boolean collected) throws IOException {
        StepAttempt at = new StepAttempt(new RunId("run-" + "t".repeat(26)), WORKSPACE, attempts.incrementAndGet());
        return SandboxTrial.open(this, spec, at, collected);
    }

    /** Names of sandboxes that are still there. */
    public List<String> left() throws IOException {
        return engine.list(installation).stream()
                .map(SandboxEngine.Listed::name)
                .toList();
    }

    /** Removes those that are still there, whatever they do. */
    public void removeAll() throws IOException {
        for (String name : left()) {
            engine.remove(name);
        }
    }

    SandboxEngine engine() {
        return engine;
    }

    String installation() {
        return installation;
    }

    SandboxStores stores() {
        return stores;
    }

    CommitId base() {
        return base;
    }

    String workspace() {
        return WORKSPACE;
    }

    /** As {@code rule path}. */
    List<String> findings(@Nullable Digest digest) throws IOException {
        if (digest == null) {
            return List.of();
        }
        try (InputStream in = stores.artifacts().open(digest)) {
            Finding[] all = Payloads.mapper().readValue(in, Finding[].class);
            return Arrays.stream(all)
                    .map(one -> one.rule().substring(one.rule().indexOf('/') + 1) + " " + one.path())
                    .toList();
        }
    }

    /** Paths of all files and links of a collected tree. */
    Set<String> files(@Nullable Checkpoint content) throws IOException {
        Set<String> found = new TreeSet<>();
        if (content == null) {
            return found;
        }
        try (WorkspaceRepository repository = stores.workspaces().open(WORKSPACE)) {
            repository.read(content.commit(), new TreeVisitor() {
                @Override
                public void directory(String path) {}

                @Override
                public void file(String path, boolean executable, long size, ContentSource content) {
                    found.add(path);
                }

                @Override
                public void link(String path, byte[] target) {
                    found.add(path);
                }
            });
        }
        return found;
    }
}
