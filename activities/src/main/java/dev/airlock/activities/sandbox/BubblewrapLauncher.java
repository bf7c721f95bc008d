package dev.airlock.activities.sandbox;

import dev.airlock.platform.state.ProcessRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts sandboxes as processes that live on without whoever started them. */
final class BubblewrapLauncher {
    /** Every user reaches it, and bubblewrap covers it first of all. */
    static final Path PLACE = Path.of("/tmp");

    private static final String FILTER = "filter";
    private static final String PASSWD = "passwd";
    private static final String GROUP = "group";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(2);
    /** bubblewrap copies sandbox-init into the root under the same limit. */
    private static final long SMALLEST_FILE = 8 << 20;

    private final BubblewrapTools tools;
    private final BubblewrapHost host;
    private final BubblewrapDirectory sandboxes;

    BubblewrapLauncher(BubblewrapTools tools, BubblewrapHost host, BubblewrapDirectory sandboxes) {
        this.tools = tools;
        this.host = host;
        this.sandboxes = sandboxes;
    }

    /** What must lie in a sandbox's directory before it is started. */
    static Map<String, byte[]> files(BubblewrapProfile profile) {
        return Map.of(
                FILTER,
                profile.filter().bytes(),
                PASSWD,
                BubblewrapRoot.passwd(profile.user()).getBytes(StandardCharsets.UTF_8),
                GROUP,
                BubblewrapRoot.group(profile.user()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Starts it and says which process of this host is its process 1.
     *
     * @param image bound where every user reaches it; absent when there is no need
     * @throws SandboxException {@code ISOLATION_REFUSED} when launcher or bubblewrap refuse
     */
    ProcessRecord start(BubblewrapRecord sandbox, BubblewrapProfile profile, Optional<Path> image) throws IOException {
        String name = sandbox.name();
        Path directory = sandboxes.of(name);
        List<String> command = command(directory, sandbox.made().cgroups(), profile, image);
        command.addAll(profile.arguments());
        Process process = run(directory, command);
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - until < 0) {
            Optional<ProcessRecord> started = processOne(name);
            if (started.isPresent()) {
                return started.get();
            }
            if (!process.isAlive()) {
                throw refused(name, "it ended with " + process.exitValue());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        process.destroyForcibly();
        throw refused(name, "it did not start within " + PATIENCE.toSeconds() + " s");
    }

    private static Process run(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(directory.resolve(BubblewrapDirectory.ERRORS).toFile());
        builder.environment().clear();
        return builder.start();
    }

    /**
     * Makes a sandbox in which nothing runs, to see whether this host lets it.
     *
     * @throws SandboxException {@code ISOLATION_REFUSED} with what was said and how to mend it
     */
    void tryOut(BubblewrapProfile profile) throws IOException {
        Path directory = sandboxes.fresh(files(profile));
        try {
            List<String> command = command(directory, List.of(), profile, Optional.empty());
            command.addAll(profile.trial());
            Process process = run(directory, command);
            boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            process.destroyForcibly();
            if (!ended || process.exitValue() != 0) {
                String said = BubblewrapDirectory.errors(directory);
                throw BubblewrapTools.refused("bubblewrap cannot make a sandbox here: "
                        + (ended ? said : "it did not start within " + PATIENCE.toSeconds() + " s") + "; "
                        + new BubblewrapTrouble(Path.of("/proc/sys")).mend(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while bubblewrap was tried");
        } finally {
            BubblewrapDirectory.delete(directory);
        }
    }

    private SandboxException refused(String name, String how) throws IOException {
        return BubblewrapTools.refused("bubblewrap did not start " + name + ": " + how + ": " + sandboxes.errors(name));
    }

    private Optional<ProcessRecord> processOne(String name) throws IOException {
        OptionalInt pid = sandboxes.started(name);
        return pid.isPresent() ? ProcessRecord.of(name, pid.getAsInt()) : Optional.empty();
    }

    private List<String> command(Path directory, List<Path> cgroups, BubblewrapProfile profile, Optional<Path> image) {
        List<String> words = new ArrayList<>(List.of(tools.launcher().toString()));
        Cgroups.members(cgroups).forEach(file -> add(words, "--cgroup", file));
        Cgroups.memoryEvents(cgroups).ifPresent(file -> add(words, "--read", BubblewrapProfile.MEMORY_EVENTS, file));
        Cgroups.processEvents(cgroups).ifPresent(file -> add(words, "--read", BubblewrapProfile.PIDS_EVENTS, file));
        add(words, "--fifo", BubblewrapProfile.REQUESTS, directory.resolve(BubblewrapDirectory.REQUESTS));
        add(words, "--fifo", BubblewrapProfile.REPLIES, directory.resolve(BubblewrapDirectory.REPLIES));
        add(words, "--read", BubblewrapProfile.FILTER, directory.resolve(FILTER));
        add(words, "--read", BubblewrapProfile.INIT, tools.init());
        add(words, "--read", BubblewrapProfile.PASSWD, directory.resolve(PASSWD));
        add(words, "--read", BubblewrapProfile.GROUP, directory.resolve(GROUP));
        add(words, "--write", BubblewrapProfile.STATUS, directory.resolve(BubblewrapDirectory.STATUS));
        image.ifPresent(tree -> add(words, "--bind", tree, PLACE));
        long disk = profile.layout().limits().disk();
        add(words, "--limit", "core", 0, "--limit", "fsize", Math.max(disk, SMALLEST_FILE));
        add(words, "--limit", "nofile", SandboxLayout.OPEN_FILES, "--limit", "memlock", SandboxLayout.LOCKED_BYTES);
        add(words, "--limit", "msgqueue", 0, "--limit", "sigpending", SandboxLayout.PENDING_SIGNALS);
        if (host.choosesUsers()) {
            add(words, "--user", profile.user());
        }
        add(words, "--", tools.bubblewrap());
        return words;
    }

    private static void add(List<String> words, Object... more) {
        for (Object one : more) {
            words.add(String.valueOf(one));
        }
    }
}
