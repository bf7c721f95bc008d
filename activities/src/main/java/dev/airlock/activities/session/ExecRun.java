package dev.airlock.activities.session;

import dev.airlock.activities.sandbox.CommandEnvironment;
import dev.airlock.activities.sandbox.CommandVerdict;
import dev.airlock.activities.sandbox.Sandbox;
import dev.airlock.activities.sandbox.SandboxEngine;
import dev.airlock.activities.sandbox.SandboxException;
import dev.airlock.activities.sandbox.SandboxGone;
import dev.airlock.activities.sandbox.StopSignal;
import dev.airlock.activities.sandbox.StoppedException;
import dev.airlock.activities.sandbox.init.Command;
import dev.airlock.activities.sandbox.init.CommandStatus;
import dev.airlock.activities.sandbox.init.CommandStatus.Cause;
import dev.airlock.activities.sandbox.init.CommandStatus.State;
import dev.airlock.activities.sandbox.init.Window;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.platform.failpoint.Failpoints;
import dev.airlock.workflows.failure.FailureType;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.sandbox.Limit;
import dev.airlock.workflows.session.CommandEnd;
import dev.airlock.workflows.session.SessionActivities.ExecOutcome;
import dev.airlock.workflows.session.SessionActivities.ExecRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** One command in a container that is there, run once by its token, however often this is interrupted. */
final class ExecRun {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int KILLED = 128 + 9;

    private final SandboxEngine engine;
    private final SessionStores stores;
    private final ExecRequest request;
    private final StopSignal stop;
    private final ExecFiles files;
    private boolean killed;

    ExecRun(SandboxEngine engine, SessionStores stores, ExecRequest request, StopSignal stop) {
        this.engine = engine;
        this.stores = stores;
        this.request = request;
        this.stop = stop;
        this.files = new ExecFiles(stores.output(), request.lodging().at().run().value(), request.number());
    }

    /** @throws StoppedException when this process leaves; the command goes on */
    ExecOutcome run() throws IOException {
        Optional<ExecOutcome> kept = files.result();
        if (kept.isPresent()) {
            return kept.get();
        }
        Container container = new Container(engine, request.lodging(), request.image(), stop);
        ExecOutcome outcome;
        try {
            outcome = container.there(this::once);
        } catch (SandboxGone gone) {
            outcome = gone(gone);
        }
        files.keep(outcome);
        Failpoints.hit("session.kept");
        return outcome;
    }

    private ExecOutcome once(Sandbox sandbox) throws IOException {
        CommandStatus status = sandbox.state(request.token());
        if (status.state() == State.UNKNOWN) {
            stop.check();
            endPrevious(sandbox);
            Command command = command();
            files.begin();
            sandbox.run(command);
            Failpoints.hit("session.started");
        }
        pull(sandbox);
        return ended(sandbox.state(request.token()));
    }

    /** One whose caller gave up while no worker was there to kill it. */
    private void endPrevious(Sandbox sandbox) throws IOException {
        String previous = request.previous();
        if (previous == null) {
            return;
        }
        CommandStatus status = sandbox.state(previous);
        if (status.state() == State.RUNNING) {
            sandbox.kill(previous);
        }
        while (status.state() == State.RUNNING) {
            stop.check();
            sandbox.read(previous, status.usage().output(), POLL);
            status = sandbox.state(previous);
        }
    }

    private Command command() throws IOException {
        SortedMap<String, String> environment = CommandEnvironment.everywhere();
        environment.put("AIRLOCK_SANDBOX", request.lodging().at().run().value());
        environment.putAll(SealedEnvironment.open(
                stores.secret(), request.lodging().at().run().value(), request.call()));
        return new Command(
                request.token(),
                request.call().argv(),
                environment,
                request.call().directory(),
                request.call().timeout());
    }

    private void pull(Sandbox sandbox) throws IOException {
        Window window;
        do {
            switch (stop.state()) {
                case NONE -> {}
                case CANCEL -> kill(sandbox);
                case DETACH -> throw new StoppedException(StopSignal.Stop.DETACH);
            }
            window = sandbox.read(request.token(), files.length(), POLL);
            files.write(window.offset(), window.data().duplicate());
        } while (!window.last());
    }

    private void kill(Sandbox sandbox) throws IOException {
        if (!killed) {
            sandbox.kill(request.token());
            killed = true;
        }
    }

    private ExecOutcome ended(CommandStatus status) throws IOException {
        Failpoints.hit("session.ended");
        long bytes = status.usage().output();
        if (files.length() != bytes) {
            throw new SandboxException(
                    FailureType.CORRUPT,
                    files.output() + " has " + files.length() + " bytes, but the command wrote " + bytes
                            + "; somebody else wrote to it");
        }
        if (status.cause() == Cause.LEASE) {
            return new ExecOutcome.Gone(true, "its container's time was over");
        }
        CommandEnd end =
                new CommandEnd(exitCode(status), CommandVerdict.limit(status), output(), bytes, status.truncated());
        return new ExecOutcome.Ended(words(), end, false);
    }

    /** Who killed it by request wants to see that. */
    private static @Nullable Integer exitCode(CommandStatus status) {
        if (status.cause() == Cause.KILLED) {
            return KILLED;
        }
        return CommandVerdict.exitCode(status);
    }

    private ExecOutcome gone(SandboxGone gone) throws IOException {
        engine.remove(Container.name(request.lodging()));
        if (gone.death() == SandboxGone.Death.OUT_OF_MEMORY && files.mayHaveRun()) {
            CommandEnd end = new CommandEnd(null, Limit.MEMORY, output(), files.length(), false);
            return new ExecOutcome.Ended(words(), end, true);
        }
        return new ExecOutcome.Gone(files.mayHaveRun(), String.valueOf(gone.getMessage()));
    }

    private @Nullable Digest output() throws IOException {
        try (InputStream in = Files.newInputStream(files.output())) {
            return stores.artifacts().put(in);
        }
    }

    private Digest words() {
        return CanonicalJson.digest(request.call().argv());
    }
}
