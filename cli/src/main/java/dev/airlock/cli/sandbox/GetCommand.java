package dev.airlock.cli.sandbox;

import dev.airlock.cli.session.Session;
import dev.airlock.starter.session.TransferAnswer;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes files out of a sandbox. */
@Command(
        name = "get",
        description = "Take a file, or what is in a directory, out of a sandbox's workspace.",
        footer = {
            "",
            "What is hostile is refused and listed: names that mean something else on some file system or to git, links that lead",
            "out, devices, pipes, sockets. The rest comes.",
            "",
            "Examples:",
            "  airlock sandbox get sandbox-4q5w . ./all",
            "  airlock sandbox get sandbox-4q5w report ./report",
            "  airlock sandbox get sandbox-4q5w report/junit.xml ."
        })
public final class GetCommand extends SandboxAction {
    @Parameters(index = "1", paramLabel = "SRC", description = "A path in the workspace.")
    private String source = "";

    @Parameters(index = "2", paramLabel = "DST", description = "A file or directory here.")
    private Path target = Path.of("");

    public GetCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        TransferAnswer answer = sandbox().get(source.equals(".") ? "" : source, target);
        note(answer.restored());
        TransferAnswers told = TransferAnswers.of(answer);
        answers().give(told, told::write);
        return YES;
    }
}
