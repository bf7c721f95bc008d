package dev.airlock.activities.sandbox;

import dev.airlock.activities.sandbox.init.CollectCaps;
import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.FileSender;
import dev.airlock.activities.sandbox.init.FileVisitor;
import dev.airlock.activities.sandbox.init.InitClient;
import dev.airlock.activities.sandbox.init.InitError;
import dev.airlock.activities.sandbox.init.NoAnswer;
import dev.airlock.activities.sandbox.init.Root;
import dev.airlock.activities.sandbox.init.TunnelLink;
import dev.airlock.activities.sandbox.init.Window;
import dev.airlock.workflows.failure.FailureType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A sandbox whose process 1 is {@code sandbox-init}, on whatever engine. */
final class InitSandbox implements Sandbox {
    private static final int ENOSPC = 28;
    private static final int EDQUOT = 122;

    private final SandboxSpec spec;
    private final InitClient init;
    private final Shell shell;

    /** What holds the sandbox: the engine's part. */
    interface Shell {
        /** Why nobody answers: {@link SandboxGone} or {@link SandboxUnreachable}. */
        IOException explain(NoAnswer silence);

        void remove() throws IOException;

        /** The command by which a person does it. */
        String howToRemove();
    }

    /** @param spec with image and deadline as they were when it was made */
    InitSandbox(SandboxSpec spec, InitClient init, Shell shell) {
        this.spec = spec;
        this.init = init;
        this.shell = shell;
    }

    /** Takes the lease of a sandbox in which nothing has run; what runs in one might read the key. */
    void begin() throws IOException {
        ask(() -> init.begin(lease()));
    }

    /**
     * Goes on with the lease that was taken before, and fences older clients.
     *
     * @throws NeverLeased when it says that it has no lease, which it may say falsely
     */
    void takeOver() throws IOException {
        try {
            ask(() -> init.takeOver(lease()));
        } catch (SandboxException e) {
            if (e.getCause() instanceof InitError refused
                    && refused.code() == InitError.Code.NOT_AUTHENTIC
                    && ask(init::hello).lease() == null) {
                throw new NeverLeased(spec.name(), e);
            }
            throw e;
        }
    }

    private InitClient.Lease lease() {
        SandboxSpec.Lease wanted = spec.lease();
        Duration remaining = Duration.between(Instant.now(), wanted.deadline());
        return new InitClient.Lease(
                wanted.token(),
                wanted.spec().value().substring("sha256:".length()),
                remaining.isPositive() ? remaining : Duration.ofMillis(1),
                spec.limits().output());
    }

    /** Whoever started it died before he took its lease. */
    static final class NeverLeased extends IOException {
        NeverLeased(String name, Throwable cause) {
            super(name + " was started and never leased", cause);
        }

        NeverLeased(String name) {
            super(name + " was started and never leased");
        }
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public String image() {
        return spec.image();
    }

    @Override
    public Instant deadline() {
        return spec.lease().deadline();
    }

    @Override
    public void put(Root root, FileSource files) throws IOException {
        ask(() -> {
            try (FileSender sender = init.put(root)) {
                files.send(sender);
            }
            return root;
        });
    }

    @Override
    public CommandStatus run(Command command) throws IOException {
        return ask(() -> init.run(command));
    }

    @Override
    public CommandStatus state(String token) throws IOException {
        return ask(() -> init.state(token));
    }

    @Override
    public Window read(String token, long offset, Duration wait) throws IOException {
        return ask(() -> init.read(token, offset, wait));
    }

    @Override
    public void kill(String token) throws IOException {
        ask(() -> init.kill(token));
    }

    @Override
    public TunnelLink listen(int port) throws IOException {
        return ask(() -> {
            TunnelLink link = init.tunnels();
            link.listen(port, TunnelLink.MOST);
            return link;
        });
    }

    @Override
    public void extend(Duration remaining) throws IOException {
        ask(() -> {
            init.extend(spec.lease().token(), remaining);
            return remaining;
        });
    }

    @Override
    public void collect(CollectCaps caps, List<String> patterns, FileVisitor visitor) throws IOException {
        ask(() -> {
            init.collect(caps, patterns, visitor);
            return caps;
        });
    }

    @Override
    public void release() throws IOException {
        try {
            init.release(spec.lease().token());
        } catch (NoAnswer | InitError e) {
            // It may have answered and gone; either way it is removed.
        }
        shell.remove();
    }

    @Override
    public void close() throws IOException {
        init.close();
    }

    private <T> T ask(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (NoAnswer e) {
            throw shell.explain(e);
        } catch (InitError e) {
            throw translated(e);
        }
    }

    private IOException translated(InitError e) {
        return switch (e.code()) {
            case REFUSED, WRONG_BOOT ->
                new SandboxException(
                        FailureType.CONFLICT, spec.name() + " is leased to something else: " + e.getMessage(), e);
            case NOT_AUTHENTIC ->
                new SandboxException(
                        FailureType.CONFLICT,
                        spec.name() + " was leased with another key: the installation's secret was replaced since, or "
                                + "another installation of the same id made it; restore the secret, or remove it with "
                                + shell.howToRemove(),
                        e);
            case FENCED ->
                new SandboxException(
                        FailureType.CONFLICT, spec.name() + " was taken over by another worker: " + e.getMessage(), e);
            case BUSY -> SandboxUnreachable.silent(spec.name() + " is still ending a command: " + e.getMessage(), e);
            case EXPIRED ->
                new SandboxGone(
                        SandboxGone.Death.LOST, spec.name() + " passed its deadline before its command was started");
            case IO ->
                e.errno() == ENOSPC || e.errno() == EDQUOT
                        ? new SandboxException(
                                FailureType.TOO_LARGE,
                                "the files do not fit on the disk of " + spec.name() + " ("
                                        + spec.limits().disk() + " bytes); raise the step's disk limit: "
                                        + e.getMessage(),
                                e)
                        : new SandboxException(
                                FailureType.INTERNAL, spec.name() + " cannot take files: " + e.getMessage(), e);
            default -> new SandboxException(FailureType.INTERNAL, spec.name() + " refuses: " + e.getMessage(), e);
        };
    }

    private interface Question<T> {
        T ask() throws IOException;
    }
}
