package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.session.SandboxStatus;
import dev.airlock.starter.session.StartSandbox;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.session.SessionRequest.Room;
import dev.airlock.workflows.session.SessionRequest.Timing;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a sandbox. */
@Command(
        name = "start",
        description = "Start a sandbox and wait until it is there.",
        footer = {
            "",
            "Examples:",
            "  airlock sandbox start",
            "  airlock sandbox start --image python-tools --idle 30m",
            "  id=$(airlock sandbox start -o json | jq -r .sandbox)"
        })
public final class StartCommand extends Action {
    @Option(
            names = "--image",
            paramLabel = "N",
            defaultValue = CommandSpec.BASE_IMAGE,
            description = "A registered image. Default: base.")
    private String image = CommandSpec.BASE_IMAGE;

    @Option(
            names = "--engine",
            paramLabel = "docker|bubblewrap",
            description = "Only on this engine. Default: whichever the worker has.")
    private @Nullable String engine;

    @Option(names = "--runtime", paramLabel = "R", description = "Only by this runtime. Default: the engine's own.")
    private @Nullable String runtime;

    @Option(
            names = "--idle",
            paramLabel = "10m",
            defaultValue = "${env:AIRLOCK_SANDBOX_IDLE}",
            description = "Without a call for so long it is released and comes back with the next one "
                    + "($$AIRLOCK_SANDBOX_IDLE). Default: 10m.")
    private @Nullable Duration idle;

    @Option(
            names = "--request-id",
            paramLabel = "I",
            description =
                    "Name of this request: the same one again is the same sandbox. One is drawn if none is given.")
    private @Nullable String request;

    public StartCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        StartSandbox wanted = StartSandbox.by(session().principal())
                .in(new Room(image, CommandSpec.Limits.DEFAULT, engine, runtime))
                .living(timing());
        SandboxStatus status = SandboxClient.of(session())
                .start(request == null ? wanted : wanted.asked(request))
                .status();
        answers().give(SandboxAnswer.of(status), text -> SandboxAction.write(status, text));
        return YES;
    }

    private Timing timing() {
        if (idle == null) {
            return Timing.DEFAULT;
        }
        if (!idle.isPositive()) {
            throw new AirlockException(ErrorCode.USAGE, "--idle is longer than zero", "--idle", null);
        }
        Timing usual = Timing.DEFAULT;
        return new Timing(
                usual.lifetime(), usual.warning(), usual.extension(), usual.extensions(), idle, usual.commands());
    }
}
