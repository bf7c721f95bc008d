package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.FrameKey;
import dev.airlock.activities.sandbox.init.InitClient;
import dev.airlock.activities.sandbox.init.NoAnswer;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sandboxes of bubblewrap: processes of this host in namespaces of their own, without a daemon. Weaker than containers of a
 * daemon that is hardened; {@link #identity} says by how much.
 */
public final class BubblewrapSandboxEngine implements SandboxEngine {
    /** Its lease is taken at once; one that outlived whoever started it before that is of use to nobody. */
    private static final String IDLE_MINUTES = "1";

    private final BubblewrapHost host;
    private final BubblewrapDirectory sandboxes;
    private final ImageRegistry registry;
    private final BubblewrapImages images;
    private final BubblewrapLauncher launcher;
    private final BubblewrapDeaths deaths;
    private final BubblewrapRemoval removal;
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
        this.registry = options.registry();
        this.images = new BubblewrapImages(registry);
        this.launcher = new BubblewrapLauncher(tools, host, sandboxes);
        this.deaths = new BubblewrapDeaths(sandboxes);
        this.removal = new BubblewrapRemoval(sandboxes);
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
        engine.launcher.tryOut(engine.profile(
                CommandSpec.Limits.DEFAULT,
                Optional.empty(),
                engine.host.users().draw(engine.random)));
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

    /** Puts images where pipelines find them. */
    public BubblewrapImageSource imageSource() {
        return new BubblewrapImageSource(registry);
    }

    private BubblewrapProfile profile(SandboxSpec spec, int user) throws IOException {
        return profile(spec.limits(), images.tree(spec.image()), user);
    }

    /** @param tree empty for the host's own programs */
    private BubblewrapProfile profile(CommandSpec.Limits limits, Optional<Path> tree, int user) throws IOException {
        List<String> root = tree.isEmpty()
                ? BubblewrapRoot.ofHost()
                : BubblewrapRoot.ofImage(tree.get(), host.choosesUsers() ? BubblewrapLauncher.PLACE : tree.get());
        SandboxLayout layout = new SandboxLayout(limits);
        List<String> init =
                new ArrayList<>(List.of("--boot-id", BubblewrapHost.bootId(), "--idle-minutes", IDLE_MINUTES));
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
        SandboxSpec spec = wanted.asMade(
                found.job().spec(),
                found.job().image(),
                found.made().deadline(),
                "look at it in " + sandboxes.of(wanted.name()) + ", and end it with " + removal.command(wanted.name()));
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
        FifoDuplex fifos = FifoDuplex.open(sandboxes.of(spec.name()));
        InitClient init = InitClient.over(fifos, key, spec.name());
        InitSandbox sandbox = new InitSandbox(spec, init, new Processes(spec.name(), fifos));
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
        removal.remove(name);
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
            removal.remove(name);
        }
    }

    /** The engine's part of an open sandbox. */
    private final class Processes implements InitSandbox.Shell {
        private final String name;
        private final FifoDuplex fifos;

        Processes(String name, FifoDuplex fifos) {
            this.name = name;
            this.fifos = fifos;
        }

        @Override
        public IOException explain(NoAnswer silence) {
            try {
                if (fifos.isTakenOver()) {
                    return new SandboxException(
                            FailureType.CONFLICT, name + " was taken over by another worker", silence);
                }
                return deaths.explain(name, silence);
            } catch (IOException e) {
                return e;
            }
        }

        @Override
        public void remove() throws IOException {
            removal.remove(name);
        }

        @Override
        public String howToRemove() {
            return removal.command(name);
        }
    }
}
