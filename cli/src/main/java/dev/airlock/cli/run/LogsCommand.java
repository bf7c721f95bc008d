package dev.airlock.cli.run;

import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Terminal;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.output.KafkaLiveOutput;
import dev.airlock.starter.output.OutputChunk;
import dev.airlock.starter.output.OutputRequest;
import dev.airlock.starter.output.OutputSink;
import dev.airlock.starter.output.TopicOutput;
import dev.airlock.starter.output.TrailCourse;
import java.io.IOException;
import java.util.Optional;
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
            "On a machine where nothing serves, AIRLOCK_KAFKA and the whole run id are enough: Kafka keeps output for a day.",
            "",
            "Examples:",
            "  airlock logs run-4q5w --step test -f",
            "  airlock logs run-4q5w --step generate --attempt 1 > output.txt",
            "  airlock logs run-4q5w -f --offset 65536"
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
        Optional<String> kafka = kafkaAlone();
        if (kafka.isPresent()) {
            KafkaClients clients = session().kafka(kafka.get());
            new TopicOutput(new KafkaLiveOutput(clients, Topics.OUTPUT), new TrailCourse(clients, Topics.AUDIT))
                    .read(request, sink());
        } else {
            session().client().output(request, sink());
        }
        return YES;
    }

    /** Where to read when nothing serves on the state directory, if the environment says so. */
    private Optional<String> kafkaAlone() {
        String named = session().environment().variable("AIRLOCK_KAFKA");
        if (named.isEmpty()) {
            return Optional.empty();
        }
        try {
            session().endpoints();
            return Optional.empty();
        } catch (PlatformException e) {
            return Optional.of(named);
        }
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
