package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.Root;
import dev.airlock.activities.sandbox.init.Window;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.id.Names;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.StepAttempt;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.sandbox.SandboxJob;
import dev.airlock.workflows.sandbox.SandboxResult;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** One command in a sandbox of its own, and others in the same one after it. For one thread. */
public final class SandboxTrial implements Closeable {
    /** Of everything that is not the command. */
    private static final Duration AROUND = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration REMOVAL = Duration.ofSeconds(10);
    private static final StopSignal GO_ON = () -> StopSignal.Stop.NONE;

    private final SandboxTrials trials;
    private final SandboxJob job;
    private final SandboxSpec spec;
    private final JobInputs inputs;
    private final Path output;
    private Sandbox sandbox;
    private long started;
    private int asked;

    private SandboxTrial(SandboxTrials trials, SandboxJob job, SandboxSpec spec) throws IOException {
        this.trials = trials;
        this.job = job;
        this.spec = spec;
        this.inputs = new JobInputs(job, trials.stores(), GO_ON);
        this.output = Files.createTempFile(trials.stores().output(), "trial", ".out");
        this.sandbox = trials.engine().openOrAdopt(spec);
    }

    static SandboxTrial open(SandboxTrials trials, CommandSpec command, StepAttempt at, boolean collected)
            throws IOException {
        SandboxJob job = new SandboxJob(
                trials.installation(),
                at,
                new SandboxJob.Tree(trials.workspace(), trials.base(), trials.base()),
                command,
                SandboxJob.Input.NONE,
                new SandboxJob.Product(collected ? new Principal("service:selftest") : null, List.of()),
                Instant.now());
        String name = Names.sandbox(trials.installation(), at);
        SandboxSpec spec = new SandboxSpec(
                name,
                new SandboxSpec.Owner(trials.installation(), at),
                trials.engine().image(command.image()),
                command.limits(),
                new SandboxSpec.Lease(
                        name,
                        CanonicalJson.digest(job),
                        Instant.now().plus(command.limits().timeout()).plus(AROUND)));
        return new SandboxTrial(trials, job, spec);
    }

    /**
     * How it went.
     *
     * @param took from the start until the end was known here
     * @param output of the command, as far as it was kept
     * @param findings of the collection, as {@code rule path}
     * @param files of the collected tree
     */
    public record Outcome(SandboxResult result, Duration took, Path output, List<String> findings, Set<String> files) {
        public Outcome {
            findings = List.copyOf(findings);
            files = Set.copyOf(files);
        }
    }

    /** What a further command said and how it ended. */
    public record Reply(boolean passed, String text) {}

    /** Puts an executable file into the workspace. May be done while the command runs. */
    public void put(String path, byte[] content) throws IOException {
        sandbox.put(Root.WORKSPACE, to -> to.file(path, true, content));
    }

    /** Starts the command. */
    public void start() throws IOException {
        started = System.nanoTime();
        sandbox.run(inputs.command());
    }

    /** Whether the command's output begins with that line before it ends, or the time is over. */
    public boolean says(String line, Duration within) throws IOException {
        byte[] wanted = (line + "\n").getBytes(StandardCharsets.UTF_8);
        long end = System.nanoTime() + within.toNanos();
        while (System.nanoTime() - end < 0) {
            Window window = sandbox.read(inputs.token(), 0, POLL);
            byte[] said = bytes(window);
            if (said.length >= wanted.length) {
                return Arrays.equals(said, 0, wanted.length, wanted, 0, wanted.length);
            }
            if (window.ended()) {
                return false;
            }
        }
        return false;
    }

    /**
     * Waits for the end and takes everything out. A sandbox that is silent is opened again until the time is over.
     *
     * @param patience from the start; what has not ended then is called lost
     */
    public Outcome end(Duration patience) throws IOException {
        long until = started + patience.toNanos();
        while (true) {
            try {
                return once(until);
            } catch (SandboxGone e) {
                return outcome(gone(e));
            } catch (SandboxUnreachable e) {
                if (System.nanoTime() - until > 0) {
                    return outcome(new SandboxResult.Lost(String.valueOf(e.getMessage())));
                }
                LockSupport.parkNanos(PAUSE.toNanos());
                open();
            }
        }
    }

    private void open() throws IOException {
        sandbox.close();
        try {
            sandbox = trials.engine().adopt(spec);
        } catch (SandboxUnreachable e) {
            // The next look says so again.
        }
    }

    private Outcome once(long until) throws IOException {
        Window window;
        do {
            window = sandbox.read(inputs.token(), Files.size(output), POLL);
            Files.write(output, bytes(window), StandardOpenOption.APPEND);
            if (!window.ended() && System.nanoTime() - until > 0) {
                return outcome(new SandboxResult.Lost("it has not ended after "
                        + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s"));
            }
        } while (!window.last());
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        CommandStatus status = sandbox.state(inputs.token());
        JobProducts products =
                new JobProducts(job, trials.stores(), GO_ON, trials.engine().identity());
        SandboxResult.Ended ended = products.take(sandbox, status, output, null);
        return new Outcome(ended, took, output, trials.findings(ended.findings()), trials.files(ended.content()));
    }

    private static byte[] bytes(Window window) {
        byte[] bytes = new byte[window.data().remaining()];
        window.data().duplicate().get(bytes);
        return bytes;
    }

    private Outcome outcome(SandboxResult result) {
        return new Outcome(result, Duration.ofNanos(System.nanoTime() - started), output, List.of(), Set.of());
    }

    private SandboxResult gone(SandboxGone end) throws IOException {
        String message = String.valueOf(end.getMessage());
        return switch (end.death()) {
            case OUT_OF_MEMORY ->
                new JobProducts(job, trials.stores(), GO_ON, trials.engine().identity())
                        .outOfMemory(spec.image(), output, null);
            case DIED ->
                new SandboxResult.Died(message, spec.image(), trials.engine().identity());
            case LOST -> new SandboxResult.Lost(message);
        };
    }

    /** Runs another command in the same sandbox, once the first has ended. */
    public Reply ask(List<String> argv, Duration timeout) throws IOException {
        String token = inputs.token() + "-" + ++asked;
        Command like = inputs.command();
        sandbox.run(new Command(token, argv, like.environment(), "", timeout));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Window window;
        do {
            window = sandbox.read(token, said.size(), POLL);
            said.writeBytes(bytes(window));
        } while (!window.last());
        return new Reply(
                sandbox.state(token).passed(),
                said.toString(StandardCharsets.UTF_8).strip());
    }

    /** Removes the sandbox; whether it was gone soon. */
    public boolean remove() throws IOException {
        sandbox.close();
        SandboxEngine engine = trials.engine();
        engine.remove(spec.name());
        long until = System.nanoTime() + REMOVAL.toNanos();
        while (engine.exists(spec.name())) {
            if (System.nanoTime() - until > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    /** Removes what is left. */
    @Override
    public void close() throws IOException {
        remove();
        Files.deleteIfExists(output);
    }
}
