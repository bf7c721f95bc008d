package dev.airlock.cli.run;

import dev.airlock.cli.follow.Follower;
import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.failure.Translations;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.PushRequest.Content;
import dev.airlock.starter.push.PushRequest.Origin;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.workflows.id.Traceparent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a run for a change. */
@Command(
        name = "push",
        description = "Propose a change: a directory's content, or a task for the pipeline's agent.",
        exitCodeList = {
            "0:started, now or by the same request before; with --follow: a review is open, or it was promoted",
            "1:refused: an invalid pipeline, content too large; with --follow: the run ended otherwise",
            "2:could not find out: not found, unavailable, a usage error; with --follow: the run needs attention, or time ran out"
        },
        footer = {
            "",
            "The same --request-id is the same run, however often it is pushed. With --follow it ends where a person is",
            "needed, and says what to do next; -o json is then one object a line: this command's, and the status at every",
            "change. Ctrl-C leaves the run alone.",
            "",
            "Examples:",
            "  airlock push orders --task task.md",
            "  airlock push orders --task task.md --follow",
            "  airlock push orders --dir ./orders --message \"Round half up\"",
            "  airlock push orders --dir ./orders --branch release --pipeline hotfix --request-id ticket-17"
        })
public final class PushCommand extends Action {
    private static final int LONGEST_TASK = 1 << 20;

    private static final int LONGEST_ID = 256;

    @Parameters(index = "0", paramLabel = "WORKSPACE", description = "The workspace that the change is for.")
    private String workspace = "";

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    @Option(names = "--branch", paramLabel = "BRANCH", description = "Default: the workspace's live branch.")
    private @Nullable String branch;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "Take .airlock/pipelines/NAME.yaml instead of .airlock/pipeline.yaml.")
    private @Nullable String pipeline;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "Name of this request; one is drawn and printed if none is given.")
    private @Nullable String requestId;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "One line about the change; the promoted commit's subject.")
    private @Nullable String message;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until a person is needed or the run has ended, and show every change on the way.")
    private boolean follow;

    @Option(
            names = "--timeout",
            paramLabel = "60s",
            defaultValue = "${env:AIRLOCK_TIMEOUT}",
            description = "With --follow: how long at most ($$AIRLOCK_TIMEOUT). Default: as long as it takes.")
    private @Nullable Duration timeout;

    /** One of the two. */
    static final class Source {
        @Option(
                names = "--dir",
                required = true,
                paramLabel = "DIR",
                description = "Its content becomes the candidate.")
        private @Nullable Path directory;

        @Option(
                names = "--task",
                required = true,
                paramLabel = "FILE",
                description = "What the pipeline's agent is to do; - reads it from stdin.")
        private @Nullable String task;
    }

    public PushCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        String id = requestId == null ? UUID.randomUUID().toString() : checked(requestId);
        // Set by whatever calls us in the middle of a trace of its own, such as a CI job.
        String caller = Traceparent.orNull(session().environment().variable("TRACEPARENT"));
        Origin origin = new Origin(session().principal(), message, "airlock:cli", id, caller);
        Pushed pushed = session().client().push(new PushRequest(origin, workspace, branch, pipeline, content()));
        answers().give(pushed, text -> {
            text.line(pushed.run().value());
            String next = "; next: " + session().command("wait " + pushed.run() + " --for review");
            answers()
                    .note((pushed.created() ? "started" : "was started before") + ", request id " + pushed.requestId()
                            + (follow ? "" : next));
        });
        return follow ? new Follower(session(), pushed.run(), WaitFor.REVIEW, timeout).follow() : YES;
    }

    /** An empty one comes from a variable that was never set, and would make all such pushes one request. */
    private static String checked(String id) {
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw new AirlockException(
                    ErrorCode.USAGE,
                    "a request id has 1 to " + LONGEST_ID + " characters",
                    "--request-id",
                    "leave it out, and a random one is taken");
        }
        return id;
    }

    private Content content() {
        if (source.directory != null) {
            return new Content.Directory(source.directory);
        }
        return new Content.Task(text(source.task == null ? "-" : source.task));
    }

    private String text(String file) {
        try (InputStream in = file.equals("-") ? session().environment().in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(LONGEST_TASK + 1);
            if (bytes.length > LONGEST_TASK) {
                throw new AirlockException(
                        ErrorCode.TOO_LARGE,
                        "the task in " + file + " is over 1 MiB",
                        file,
                        "put what is long into the workspace and name it in the task");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AirlockException(ErrorCode.USAGE, "the task in " + file + " is no UTF-8 text", file, null)
                    .causedBy(e);
        } catch (IOException e) {
            throw Translations.of(e, "the task in " + file, file);
        }
    }
}
