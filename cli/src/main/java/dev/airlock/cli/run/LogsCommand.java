package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Terminal;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.output.OutputChunk;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.OutputSink;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what a step's command printed. */
@Command(
        name = "logs",
        description = "Show what a step's command prints, or printed: stdout and stderr as one stream.",
        footer = {
            "",
            "With -f it goes on until the attempt has ended. Lines with -o json: {step, attempt, offset, data (base64)}.",
            "",
            "Examples:",
            "  airlock logs run-4q5w --step test -f",
            "  airlock logs run-4q5w --step generate --attempt 1 > output.txt"
        })
public final class LogsCommand extends RunAction {
    @Option(names = "--step", paramLabel = "S", description = "Default: the step that runs or ran last.")
    private @Nullable String step;

    @Option(names = "--attempt", paramLabel = "N", description = "Default: the latest.")
    private @Nullable Integer attempt;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the attempt has ended.")
    private boolean follow;

    @Option(names = "--offset", paramLabel = "N", defaultValue = "0", description = "First byte to show. Default: 0.")
    private long offset;

    public LogsCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        if (offset < 0) {
            throw new AirlockException(ErrorCode.USAGE, "--offset is from 0 on: " + offset, "--offset", null);
        }
        OutputRequest request = new OutputRequest(run(), step, attempt, follow, offset);
        session().client().output(request, sink());
        return YES;
    }

    private OutputSink sink() {
        if (answers().json()) {
            return chunk -> {
                answers().give(chunk, text -> {});
                stopIfBroken();
            };
        }
        if (session().environment().terminals().out()) {
            Terminal terminal = new Terminal(answers());
            return chunk -> terminal.write(chunk.data());
        }
        return this::copy;
    }

    private void copy(OutputChunk chunk) throws IOException {
        answers().raw(chunk.data());
        stopIfBroken();
    }

    private void stopIfBroken() throws IOException {
        if (answers().broken()) {
            throw new IOException("nobody reads any more");
        }
    }
}
