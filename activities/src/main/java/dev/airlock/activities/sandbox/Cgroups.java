package dev.airlock.activities.sandbox;

import dev.airlock.workflows.pipeline.CommandSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cgroups of our own, where this user may make them: of version 1 or 2, with limits of memory and processes at least. They
 * are named by their directories, since the next worker may be in another one itself.
 */
final class Cgroups {
    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final List<String> NEEDED = List.of("memory", "pids");
    private static final List<String> WANTED = List.of("memory", "pids", "cpu");
    /** The process of bubblewrap that waits outside for process 1 and tells how it ended. */
    private static final int BESIDE = 1;

    private static final long PERIOD_MICROS = 100_000;
    private static final Duration EMPTIES = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(10);

    private final boolean unified;
    private final List<Path> parents;

    private Cgroups(boolean unified, List<Path> parents) {
        this.unified = unified;
        this.parents = List.copyOf(parents);
    }

    /** Those of this process, when it may make such ones; tries it. */
    static Optional<Cgroups> usable() throws IOException {
        return usable(CgroupMounts.ofThisProcess());
    }

    static Optional<Cgroups> usable(CgroupMounts mounts) {
        List<Cgroups> candidates = new ArrayList<>();
        if (mounts.byController().keySet().containsAll(NEEDED)) {
            candidates.add(new Cgroups(
                    false,
                    WANTED.stream()
                            .filter(mounts.byController()::containsKey)
                            .map(mounts.byController()::get)
                            .distinct()
                            .toList()));
        }
        if (mounts.unified().isPresent()) {
            // Where processes are, no limits can be set for children: some ancestor is the parent.
            Path top = mounts.unifiedTop().orElseThrow();
            for (Path path = mounts.unified().get(); path != null && path.startsWith(top); path = path.getParent()) {
                if (offers(path)) {
                    candidates.add(new Cgroups(true, List.of(path)));
                }
            }
        }
        return candidates.stream().filter(Cgroups::works).findFirst();
    }

    /** Of the kernel's interface. */
    int version() {
        return unified ? 2 : 1;
    }

    private static boolean offers(Path parent) {
        if (controllers(parent).containsAll(WANTED)) {
            return true;
        }
        try {
            write(parent.resolve("cgroup.subtree_control"), "+memory +pids +cpu");
        } catch (IOException e) {
            LOG.debug("{} gives its children no more controllers: {}", parent, e.toString());
        }
        return controllers(parent).containsAll(NEEDED);
    }

    private static List<String> controllers(Path parent) {
        try {
            return Arrays.asList(Files.readString(parent.resolve("cgroup.subtree_control"))
                    .strip()
                    .split(" ", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean works() {
        List<Path> trial = directories("airlock-trial-" + UUID.randomUUID());
        try {
            make(trial, new SandboxLayout(CommandSpec.Limits.DEFAULT));
            return true;
        } catch (IOException e) {
            LOG.debug("no cgroups below {}: {}", parents, e.toString());
            return false;
        } finally {
            removeQuietly(trial);
        }
    }

    private static void removeQuietly(List<Path> trial) {
        try {
            remove(trial);
        } catch (IOException e) {
            LOG.debug("cannot remove a trial", e);
        }
    }

    /** What a sandbox of that name has; nothing is made yet. */
    List<Path> directories(String name) {
        return parents.stream().map(parent -> parent.resolve(name)).toList();
    }

    /** Makes them, with the limits of a sandbox. */
    void make(List<Path> directories, SandboxLayout layout) throws IOException {
        for (Path directory : directories) {
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException e) {
                // Of one that was killed half-way.
            }
        }
        if (unified) {
            limitUnified(directories, layout);
            return;
        }
        String memory = Long.toString(layout.memory());
        set(directories, "memory.limit_in_bytes", memory, true);
        set(directories, "memory.memsw.limit_in_bytes", memory, false);
        set(directories, "pids.max", processes(layout), true);
        set(directories, "cpu.cfs_quota_us", Long.toString(quotaMicros(layout)), false);
    }

    static void limitUnified(List<Path> directories, SandboxLayout layout) throws IOException {
        set(directories, "memory.max", Long.toString(layout.memory()), true);
        set(directories, "memory.swap.max", "0", false);
        set(directories, "pids.max", processes(layout), true);
        set(directories, "cpu.max", quotaMicros(layout) + " " + PERIOD_MICROS, false);
    }

    private static String processes(SandboxLayout layout) {
        return Long.toString(layout.processes() + BESIDE);
    }

    private static long quotaMicros(SandboxLayout layout) {
        return layout.limits().cpuMillis() * PERIOD_MICROS / 1000;
    }

    /** Where the file is; one of a controller that is not there is left out unless it must be. */
    private static void set(List<Path> directories, String file, String value, boolean must) throws IOException {
        for (Path directory : directories) {
            if (Files.exists(directory.resolve(file))) {
                write(directory.resolve(file), value);
                return;
            }
        }
        if (must) {
            throw new NoSuchFileException(directories + "/" + file);
        }
    }

    private static void write(Path file, String value) throws IOException {
        Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    }

    /** What a process writes itself to, to be in them. */
    static List<Path> members(List<Path> directories) {
        return directories.stream().map(one -> one.resolve("cgroup.procs")).toList();
    }

    /** Where the kernel counts what it killed for memory. */
    static Optional<Path> memoryEvents(List<Path> directories) {
        return first(directories, "memory.events", "memory.oom_control");
    }

    /** Where the kernel counts the forks that it refused. */
    static Optional<Path> processEvents(List<Path> directories) {
        return first(directories, "pids.events");
    }

    private static Optional<Path> first(List<Path> directories, String... files) {
        return Arrays.stream(files)
                .flatMap(file -> directories.stream().map(one -> one.resolve(file)))
                .filter(Files::exists)
                .findFirst();
    }

    /** Whether the kernel killed something in them for memory. */
    static boolean ranOutOfMemory(List<Path> directories) throws IOException {
        Optional<Path> events = memoryEvents(directories);
        if (events.isEmpty()) {
            return false;
        }
        return Files.readAllLines(events.get(), StandardCharsets.US_ASCII).stream()
                .anyMatch(line -> line.matches("oom_kill [1-9][0-9]*"));
    }

    /** Well when there are none; what was in them must have ended. */
    static void remove(List<Path> directories) throws IOException {
        for (Path directory : directories) {
            long until = System.nanoTime() + EMPTIES.toNanos();
            while (!removed(directory, until)) {
                LockSupport.parkNanos(STEP.toNanos());
            }
        }
    }

    /** A process that has just been killed still counts for a moment. */
    private static boolean removed(Path directory, long until) throws IOException {
        try {
            Files.deleteIfExists(directory);
            return true;
        } catch (FileSystemException e) {
            if (System.nanoTime() - until > 0) {
                throw e;
            }
            return false;
        }
    }
}
