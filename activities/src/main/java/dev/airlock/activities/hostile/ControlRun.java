package dev.airlock.activities.hostile;

import dev.airlock.activities.hostile.Observation.End;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Runs a case in a plain container, as {@code docker run} makes it: as root, with docker's own capabilities, system calls and
 * an interface, and no limit. What gets through here and is contained in a sandbox is what the sandbox is for.
 *
 * <p>Memory and processes have an outer bound all the same, far above what any case uses up, and nothing is logged. The
 * network leads nowhere, and cases that call addresses elsewhere find those on a loopback of their own: no packet leaves this
 * machine.
 */
public final class ControlRun implements Closeable {
    private static final List<String> OUTER_BOUNDS = List.of("--memory", "3g", "--pids-limit", "4096");
    /** Those that send something. */
    private static final Set<String> CALLING = Set.of("metadata", "dns", "gateway", "lan", "ipv6");

    private static final Duration NEIGHBOUR = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(50);

    private final Path program;
    private final String image;
    private final String network = "airlock-control-" + UUID.randomUUID();

    private ControlRun(Path program, String image) {
        this.program = program;
        this.image = image;
    }

    /**
     * Makes its network.
     *
     * @param program the suite's binary
     * @param image with nothing but a system in it
     */
    public static ControlRun open(Path program, String image) throws IOException {
        ControlRun run = new ControlRun(program, image);
        DockerCommand.run("network", "create", "--internal", run.network);
        return run;
    }

    @Override
    public void close() throws IOException {
        DockerCommand.run("network", "rm", network);
    }

    /** Of the daemon. */
    public static String dockerVersion() throws IOException {
        return DockerCommand.run("version", "-f", "{{.Server.Version}}").strip();
    }

    /** @throws IOException when docker does not do its part */
    public CaseResult run(HostileCase one) throws IOException {
        long begun = System.nanoTime();
        Judge.Judgement judgement = Judge.of(one, observe(one));
        long ms = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        return new CaseResult(one.name(), one.group(), judgement.verdict(), judgement.detail(), null, ms);
    }

    private Observation observe(HostileCase one) throws IOException {
        String name = create(CALLING.contains(one.name()), List.of("run", one.name()));
        try {
            long started = System.nanoTime();
            try (DockerCommand attached = DockerCommand.start("start", "-a", name)) {
                String trouble = one.outside().probes().beside() == null
                        ? ""
                        : neighbour(attached, name, one.outside().probes().beside());
                boolean ended = attached.await(one.outside().timeout().plusSeconds(1));
                Duration took = Duration.ofNanos(System.nanoTime() - started);
                End end = ended
                        ? new End.Exited(exitCode(name))
                        : new End.Lost("nothing ended it for " + took.toSeconds() + " s");
                Observation seen = new Observation(
                        end, took, attached.text(), attached.size(), List.of(), files(one, name), List.of());
                return trouble.isEmpty() ? seen : seen.but(trouble);
            }
        } finally {
            DockerCommand.run("rm", "-f", name);
        }
    }

    private String create(boolean calling, List<String> words) throws IOException {
        String name = "airlock-control-" + UUID.randomUUID();
        List<String> command = new ArrayList<>(List.of("create", "--name", name, "--init", "--log-driver", "none"));
        command.addAll(OUTER_BOUNDS);
        command.addAll(List.of("-e", "HOSTILE_ANYWHERE=yes"));
        command.addAll(
                calling
                        ? List.of("--network", "none", "--cap-add", "NET_ADMIN", "-e", "HOSTILE_LOOPBACK=yes")
                        : List.of("--network", network));
        command.addAll(List.of("-w", "/workspace", "--entrypoint", "./hostile", image));
        command.addAll(words);
        DockerCommand.run(command.toArray(String[]::new));
        DockerCommand.run("cp", program.toString(), name + ":/workspace/hostile");
        return name;
    }

    private String neighbour(DockerCommand attached, String name, String probe) throws IOException {
        long until = System.nanoTime() + NEIGHBOUR.toNanos();
        while (!attached.text().contains("ready\n")) {
            if (System.nanoTime() - until > 0 || attached.await(STEP)) {
                return "";
            }
        }
        String beside = create(false, List.of("probe", probe));
        try (DockerCommand other = DockerCommand.start("start", "-a", beside)) {
            boolean passed = other.await(NEIGHBOUR) && exitCode(beside) == 0;
            DockerCommand.run("cp", "/dev/null", name + ":/workspace/go-on");
            return passed ? "" : "a neighbour is affected: " + other.text().strip();
        } finally {
            DockerCommand.run("rm", "-f", beside);
        }
    }

    /** What stands in the state may come a moment after the client has gone. */
    private static int exitCode(String name) throws IOException {
        long until = System.nanoTime() + NEIGHBOUR.toNanos();
        while (true) {
            String[] state = DockerCommand.run(
                            "inspect", "-f", "{{.State.Running}} {{.State.ExitCode}} {{.State.Error}}", name)
                    .strip()
                    .split(" ", 3);
            if (state.length == 3) {
                throw new IOException("docker could not start " + name + ": " + state[2]);
            }
            if (state[0].equals("false")) {
                return Integer.parseInt(state[1]);
            }
            if (System.nanoTime() - until > 0) {
                throw new IOException("docker does not say how " + name + " ended");
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** What docker would hand over of its workspace. */
    private static Set<String> files(HostileCase one, String name) throws IOException {
        Set<String> found = new TreeSet<>();
        if (!one.outside().collects()) {
            return found;
        }
        try (DockerCommand copy = DockerCommand.start("cp", name + ":/workspace/.", "-")) {
            if (!copy.await(NEIGHBOUR)) {
                return found;
            }
            TarArchiveInputStream tar =
                    new TarArchiveInputStream(new ByteArrayInputStream(copy.output()), StandardCharsets.UTF_8.name());
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                found.add(entry.getName().replaceFirst("^\\./", ""));
            }
        } catch (IOException e) {
            return found; // A tree that docker cannot hand over, or more than is looked at.
        }
        return found;
    }
}
