package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.session.TransferAnswer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts files into a sandbox. */
@Command(
        name = "put",
        description = "Put a file, or what is in a directory, into a sandbox's workspace.",
        footer = {
            "",
            "Examples:",
            "  airlock sandbox put sandbox-4q5w project .          # what is in project, into the workspace",
            "  airlock sandbox put sandbox-4q5w data.csv in/       # a file into a directory",
            "  airlock sandbox put sandbox-4q5w data.csv in/a.csv"
        })
public final class PutCommand extends SandboxAction {
    @Parameters(index = "1", paramLabel = "SRC", description = "A file or directory here.")
    private Path source = Path.of("");

    @Parameters(index = "2", paramLabel = "DST", description = "A path in the workspace.")
    private String target = "";

    public PutCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            throw new AirlockException(ErrorCode.NOT_FOUND, "there is no " + source, source.toString(), null);
        }
        TransferAnswer answer = sandbox().put(source, target.equals(".") ? "" : target);
        note(answer.restored());
        TransferAnswers told = TransferAnswers.of(answer);
        answers().give(told, told::write);
        return YES;
    }
}
