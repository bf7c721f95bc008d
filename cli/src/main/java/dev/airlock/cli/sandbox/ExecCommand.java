package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Signals;
import dev.airlock.cli.session.Visible;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.session.CommandAnswer;
import dev.airlock.starter.session.InteractiveSandbox;
import dev.airlock.starter.session.SandboxCommand;
import dev.airlock.workflows.sandbox.Limit;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command in a sandbox. */
@Command(
        name = "exec",
        description = "Run a command in a sandbox and wait for its end. Ctrl-C kills the command, not the sandbox.",
        exitCodeList = {
            "0:with -o json: the command ran, however it ended",
            "N:the command's own exit code; 124 when its time was over, 137 when another limit killed it",
            "2:could not find out: not found, unavailable, a usage error"
        },
        footer = {
            "",
            "stdout and stderr are one stream. With -o json `output` is base64, at most 8 MiB of it.",
            "",
            "Examples:",
            "  airlock sandbox exec sandbox-4q5w -- python3 -m unittest",
            "  airlock sandbox exec sandbox-4q5w --cwd src --timeout 60s -- sh -c 'make && make test'",
            "  airlock sandbox exec sandbox-4q5w --env API_TOKEN -- ./deploy --dry-run"
        })
public final class ExecCommand extends SandboxAction {
    private static final int INTERRUPTED = 130;
    private static final int TIMED_OUT = 124;
    private static final int KILLED = 137;

    @Option(names = "--cwd", paramLabel = "D", defaultValue = "", description = "Where. Default: the workspace.")
    private String directory = "";

    @Option(names = "--timeout", paramLabel = "60s", description = "After it the command is killed. Default: 10m.")
    private Duration timeout = SandboxCommand.USUAL;

    @Option(
            names = "--env",
            paramLabel = "NAME",
            description = "Hand this variable on, with the value that it has here; no history or log will hold it.")
    private List<String> names = List.of();

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "The command, after --.")
    private List<String> words = List.of();

    public ExecCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        SandboxCommand command =
                new SandboxCommand(UUID.randomUUID().toString(), words, directory, timeout, environment());
        InteractiveSandbox sandbox = sandbox();
        AtomicInteger interruptions = new AtomicInteger();
        Signals.onEnd(() -> interrupted(sandbox, command.id(), interruptions));
        CommandAnswer answer = sandbox.exec(command);
        note(answer.restored());
        if (answers().json()) {
            byte[] output = sandbox.output(answer, ExecAnswer.MOST_OUTPUT);
            answers().give(ExecAnswer.of(answer, output), text -> {});
            return YES;
        }
        write(sandbox, answer);
        return interruptions.get() > 0 ? INTERRUPTED : exitCode(answer);
    }

    /** The first one kills the command, whose end is still waited for; the second gives that up. */
    private static void interrupted(InteractiveSandbox sandbox, String command, AtomicInteger interruptions) {
        if (interruptions.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        try {
            sandbox.kill(command);
        } catch (AirlockException e) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }

    private SortedMap<String, String> environment() {
        SortedMap<String, String> values = new TreeMap<>();
        for (String name : names) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
                throw new AirlockException(
                        ErrorCode.USAGE,
                        name + " is no name of a variable",
                        "--env",
                        "write --env NAME; its value is taken from here");
            }
            String value = session().environment().variables().get(name);
            if (value == null) {
                throw new AirlockException(ErrorCode.USAGE, name + " is not set here", "--env", "export it before");
            }
            values.put(name, value);
        }
        return values;
    }

    private void write(InteractiveSandbox sandbox, CommandAnswer answer) {
        try (InputStream in = sandbox.output(answer)) {
            if (session().environment().terminals().out()) {
                show(new InputStreamReader(in, StandardCharsets.UTF_8));
            } else {
                pass(in);
            }
        } catch (IOException e) {
            throw Translations.of(
                    e, "the output of command " + answer.command(), sandbox.id().value());
        }
        if (answer.limit() != null) {
            answers().note("killed by a limit: " + answer.limit());
        }
    }

    /** On a terminal what a program wrote must not act on it. */
    private void show(Reader text) throws IOException {
        char[] buffer = new char[16 * 1024];
        for (int count = text.read(buffer); count > 0; count = text.read(buffer)) {
            answers().raw(Visible.text(new String(buffer, 0, count)).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void pass(InputStream bytes) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int count = bytes.read(buffer); count > 0; count = bytes.read(buffer)) {
            answers().raw(Arrays.copyOf(buffer, count));
        }
    }

    private static int exitCode(CommandAnswer answer) {
        Integer code = answer.exitCode();
        if (code != null) {
            return code;
        }
        return answer.limit() == Limit.TIMEOUT ? TIMED_OUT : KILLED;
    }
}
