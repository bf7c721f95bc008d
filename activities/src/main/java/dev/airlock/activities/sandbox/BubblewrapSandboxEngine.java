package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.FrameKey;
import dev.airlock.activities.sandbox.init.InitClient;
import dev.airlock.activities.sandbox.init.NoAnswer;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Sandboxes of bubblewrap: processes of this host in namespaces of their own, without a daemon. Weaker than containers of a
 * daemon that is hardened; {@link #identity} says by how much.
 */
public final class BubblewrapSandboxEngine implements SandboxEngine {
    /** Its lease is taken at once; one that outlived whoever started it before that is of use to nobody. */
    private static final int IDLE_MINUTES = 1;

    private static final Duration END = Duration.ofSeconds(10);

    private final BubblewrapHost host;
    private final BubblewrapDirectory sandboxes;
    private final BubblewrapImages images;
    private final BubblewrapLauncher launcher;
    private final BubblewrapDeaths deaths;
    private final SystemCallFilter filter;
    private final EngineOwner owner;
    private final SecureRandom random = new SecureRandom();
    private final SandboxFinder<BubblewrapRecord> finder = new SandboxFinder<>(new Holder());
    private final DeadlineWatch watch;

    private BubblewrapSandboxEngine(Options options) throws IOException {
        BubblewrapTools tools = BubblewrapTools.find(options.programs());
        this.host = BubblewrapHost.examine(options.cgroups() ? Cgroups.usable() : Optional.empty());
        Files.createDirectories(options.sandboxes());
        this.sandboxes = new BubblewrapDirectory(options.sandboxes());
        this.images = new BubblewrapImages(options.registry());
        this.launcher = new BubblewrapLauncher(tools, host, sandboxes);
        this.deaths = new BubblewrapDeaths(sandboxes);
        this.filter = SeccompProfile.program(System.getProperty("os.arch"));
        this.owner = options.owner();
        this.watch = new DeadlineWatch(this, owner.installation());
    }

    /**
     * What an engine is made of.
     *
     * @param programs {@code sandbox-init/target}
     * @param sandboxes where sandboxes are kept; made when it is not there
     * @param cgroups whether to use them where they can be made
     * @param owner whose sandboxes these are
     */
    public record Options(Path programs, Path sandboxes, ImageRegistry registry, boolean cgroups, EngineOwner owner) {}

    /**
     * Examines this host.
     *
     * @throws SandboxException {@code ISOLATION_REFUSED} when it cannot isolate as we need it, with the mend
     */
    public static BubblewrapSandboxEngine open(Options options) throws IOException {
        BubblewrapSandboxEngine engine = new BubblewrapSandboxEngine(options);
        engine.sandboxes.clear(Instant.now());
        engine.watch.start();
        return engine;
    }

    @Override
    public EngineIdentity identity() {
        return host.identity();
    }

    @Override
    public String machine() {
        return "bubblewrap-" + host.id();
    }

    @Override
    public String image(String name) throws IOException {
        return images.resolve(name);
    }

    @Override
    public Sandbox openOrAdopt(SandboxSpec spec) throws IOException {
        return finder.openOrAdopt(spec);
    }

    @Override
    public Sandbox adopt(SandboxSpec spec) throws IOException {
        return finder.adopt(spec);
    }

    private BubblewrapProfile profile(SandboxSpec spec, int user) throws IOException {
        Optional<Path> tree = images.tree(spec.image());
        List<String> root = tree.isEmpty()
                ? BubblewrapRoot.ofHost()
                : BubblewrapRoot.ofImage(tree.get(), host.choosesUsers() ? BubblewrapLauncher.PLACE : tree.get());
        SandboxLayout layout = new SandboxLayout(spec.limits());
        List<String> init = new ArrayList<>(
                List.of("--boot-id", BubblewrapHost.bootId(), "--idle-minutes", Integer.toString(IDLE_MINUTES)));
        init.addAll(BubblewrapProfile.watching(layout, host.cgroups().isPresent()));
        return new BubblewrapProfile(layout, root, user, filter, init);
    }

    private boolean create(SandboxSpec spec) throws IOException {
        BubblewrapProfile profile = profile(spec, host.users().draw(random));
        List<Path> cgroups =
                host.cgroups().map(all -> all.directories(spec.name())).orElse(List.of());
        BubblewrapRecord.Made made = new BubblewrapRecord.Made(
                profile.user(),
                cgroups,
                profile.digest(),
                Instant.now(),
                spec.lease().deadline());
        return sandboxes.create(
                new BubblewrapRecord(spec.name(), BubblewrapRecord.Job.of(spec), made, null),
                BubblewrapLauncher.files(profile));
    }

    private Sandbox adopt(SandboxSpec wanted, BubblewrapRecord found) throws IOException {
        SandboxSpec spec = asMade(wanted, found);
        BubblewrapProfile profile = profile(spec, found.made().user());
        if (!profile.digest().equals(found.made().isolation())) {
            remove(spec.name());
            throw new SandboxGone(
                    SandboxGone.Death.LOST,
                    spec.name() + " runs with another isolation than this worker's and was removed");
        }
        if (found.process() == null) {
            if (sandboxes.wasLaunched(spec.name())) {
                throw new InitSandbox.NeverLeased(spec.name());
            }
            return start(spec, found, profile);
        }
        if (!found.isAlive()) {
            throw deaths.of(found);
        }
        return open(spec, false);
    }

    private SandboxSpec asMade(SandboxSpec wanted, BubblewrapRecord found) throws IOException {
        String digest = found.job().spec();
        if (!digest.equals(wanted.lease().spec().value())) {
            throw new SandboxException(
                    FailureType.CONFLICT,
                    "the sandbox " + wanted.name() + " was made from another job (" + digest + ", not "
                            + wanted.lease().spec() + "); look at it in " + sandboxes.of(wanted.name())
                            + ", and end it with " + howToRemove(wanted.name()));
        }
        return new SandboxSpec(
                wanted.name(),
                wanted.owner(),
                found.job().image(),
                wanted.limits(),
                new SandboxSpec.Lease(
                        wanted.lease().token(),
                        wanted.lease().spec(),
                        found.made().deadline()));
    }

    private Sandbox start(SandboxSpec spec, BubblewrapRecord created, BubblewrapProfile profile) throws IOException {
        try {
            Optional<Path> bound = host.choosesUsers() ? images.tree(spec.image()) : Optional.empty();
            if (host.cgroups().isPresent()) {
                host.cgroups().get().make(created.made().cgroups(), profile.layout());
            }
            sandboxes.write(created.with(launcher.start(created, profile, bound)));
        } catch (IOException | RuntimeException e) {
            remove(spec.name());
            throw e;
        }
        return open(spec, true);
    }

    /** The key is told to nobody but a process 1 that was started here and now: in any other something may run that reads along. */
    private Sandbox open(SandboxSpec spec, boolean fresh) throws IOException {
        FrameKey key = new FrameKey(owner.secret().derive(spec.lease().token()));
        Path directory = sandboxes.of(spec.name());
        FifoDuplex fifos = FifoDuplex.open(
                directory.resolve(BubblewrapDirectory.REQUESTS), directory.resolve(BubblewrapDirectory.REPLIES));
        InitClient init = InitClient.over(fifos, key, spec.name());
        InitSandbox sandbox = new InitSandbox(spec, init, new Processes(spec.name()));
        try {
            if (fresh) {
                sandbox.begin();
            } else {
                sandbox.takeOver();
            }
            Failpoints.hit("sandbox.leased");
            return sandbox;
        } catch (IOException | RuntimeException e) {
            init.close();
            throw e;
        }
    }

    @Override
    public boolean exists(String name) throws IOException {
        return sandboxes.find(name).isPresent();
    }

    @Override
    public void remove(String name) throws IOException {
        Optional<BubblewrapRecord> found = sandboxes.find(name);
        if (found.isPresent()) {
            end(found.get());
            Cgroups.remove(found.get().made().cgroups());
            sandboxes.remove(name);
        }
    }

    private void end(BubblewrapRecord sandbox) throws IOException {
        Optional<ProcessRecord> process =
                sandbox.process() == null ? unrecorded(sandbox.name()) : Optional.of(sandbox.process());
        if (process.isPresent() && !kill(process.get())) {
            throw SandboxUnreachable.silent(
                    "process 1 of " + sandbox.name() + " (pid " + process.get().pid() + ") does not end",
                    new IllegalStateException("still alive"));
        }
    }

    /** With process 1 the kernel ends every process of its namespace. */
    private static boolean kill(ProcessRecord process) {
        if (process.isAlive()) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        return process.awaitGone(END);
    }

    /** Who started it died before he could write it down; what has its pid now must be it by its command line. */
    private Optional<ProcessRecord> unrecorded(String name) throws IOException {
        OptionalInt pid = sandboxes.started(name);
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        boolean ours = ProcessHandle.of(pid.getAsInt())
                .flatMap(handle -> handle.info().commandLine())
                .filter(line -> line.contains(SandboxLayout.INIT_PATH + " --fds"))
                .isPresent();
        return ours ? ProcessRecord.of(name, pid.getAsInt()) : Optional.empty();
    }

    private String howToRemove(String name) {
        try {
            return sandboxes
                    .find(name)
                    .map(BubblewrapRecord::process)
                    .map(process -> "kill -9 " + process.pid())
                    .orElse("rm -r " + sandboxes.of(name));
        } catch (IOException e) {
            return "rm -r " + sandboxes.of(name);
        }
    }

    @Override
    public List<Listed> list(String installation) throws IOException {
        return sandboxes.all().stream()
                .filter(one -> one.job().installation().equals(installation))
                .map(one -> new Listed(
                        one.name(),
                        one.job().run(),
                        one.process() == null ? "created" : one.isAlive() ? "running" : "exited",
                        one.made().at(),
                        one.made().deadline()))
                .toList();
    }

    @Override
    public void close() {
        watch.close();
    }

    /** Directories and processes as sandboxes. */
    private final class Holder implements SandboxFinder.Holder<BubblewrapRecord> {
        @Override
        public Optional<BubblewrapRecord> find(String name) throws IOException {
            return sandboxes.find(name);
        }

        @Override
        public boolean create(SandboxSpec spec) throws IOException {
            return BubblewrapSandboxEngine.this.create(spec);
        }

        @Override
        public Sandbox adopt(SandboxSpec spec, BubblewrapRecord found) throws IOException {
            return BubblewrapSandboxEngine.this.adopt(spec, found);
        }

        @Override
        public void remove(String name) throws IOException {
            BubblewrapSandboxEngine.this.remove(name);
        }
    }

    /** The engine's part of an open sandbox. */
    private final class Processes implements InitSandbox.Shell {
        private final String name;

        Processes(String name) {
            this.name = name;
        }

        @Override
        public IOException explain(NoAnswer silence) {
            try {
                return deaths.explain(name, silence);
            } catch (IOException e) {
                return e;
            }
        }

        @Override
        public void remove() throws IOException {
            BubblewrapSandboxEngine.this.remove(name);
        }

        @Override
        public String howToRemove() {
            return BubblewrapSandboxEngine.this.howToRemove(name);
        }
    }
}
