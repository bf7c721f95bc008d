package dev.airlock.cli;

import dev.airlock.cli.audit.AuditCommand;
import dev.airlock.cli.audit.CheckpointCommand;
import dev.airlock.cli.audit.ExportCommand;
import dev.airlock.cli.audit.VerifyCommand;
import dev.airlock.cli.demo.DemoCommand;
import dev.airlock.cli.dlq.DlqCommand;
import dev.airlock.cli.doctor.DoctorCommand;
import dev.airlock.cli.help.CommandGroup;
import dev.airlock.cli.help.CompletionCommand;
import dev.airlock.cli.image.ImageCommand;
import dev.airlock.cli.pipeline.PipelineCommand;
import dev.airlock.cli.process.DevCommand;
import dev.airlock.cli.process.ServerCommand;
import dev.airlock.cli.process.WorkerCommand;
import dev.airlock.cli.run.ApproveCommand;
import dev.airlock.cli.run.CancelCommand;
import dev.airlock.cli.run.LogsCommand;
import dev.airlock.cli.run.PushCommand;
import dev.airlock.cli.run.RejectCommand;
import dev.airlock.cli.run.RequestChangesCommand;
import dev.airlock.cli.run.RetryCommand;
import dev.airlock.cli.run.ReviewCommand;
import dev.airlock.cli.run.RunsCommand;
import dev.airlock.cli.run.StatusCommand;
import dev.airlock.cli.run.WaitCommand;
import dev.airlock.cli.sandbox.ExecCommand;
import dev.airlock.cli.sandbox.ExtendCommand;
import dev.airlock.cli.sandbox.GetCommand;
import dev.airlock.cli.sandbox.ListCommand;
import dev.airlock.cli.sandbox.PutCommand;
import dev.airlock.cli.sandbox.SandboxCommand;
import dev.airlock.cli.sandbox.SelftestCommand;
import dev.airlock.cli.sandbox.StartCommand;
import dev.airlock.cli.sandbox.StopCommand;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.setup.SetupCommand;
import dev.airlock.cli.workspace.WorkspaceCommand;
import java.util.List;
import picocli.CommandLine;

/** The tree of commands. */
final class Commands {
    /** How help groups them; one that stands in no group is listed after them. */
    static final List<CommandGroup> GROUPS = List.of(
            new CommandGroup("Start here", List.of("demo", "dev", "workspace", "pipeline", "push")),
            new CommandGroup("Runs", List.of("status", "runs", "logs", "wait", "retry", "cancel")),
            new CommandGroup("Sandboxes", List.of("sandbox")),
            new CommandGroup("Review", List.of("review", "approve", "request-changes", "reject")),
            new CommandGroup("Audit", List.of("audit")),
            new CommandGroup("Events", List.of("server", "dlq")),
            new CommandGroup(
                    "Installation", List.of("doctor", "setup", "worker", "image", "completion", "test", "bench")));

    private Commands() {}

    static CommandLine tree(Session session) {
        return new CommandLine(new Root(session))
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new DevCommand(session))
                .addSubcommand(new WorkerCommand(session))
                .addSubcommand(new ServerCommand(session))
                .addSubcommand(new CommandLine(new WorkspaceCommand(session))
                        .addSubcommand(new WorkspaceCommand.Create(session))
                        .addSubcommand(new WorkspaceCommand.Listing(session))
                        .addSubcommand(new WorkspaceCommand.Log(session)))
                .addSubcommand(new CommandLine(new ImageCommand(session))
                        .addSubcommand(new ImageCommand.Add(session))
                        .addSubcommand(new ImageCommand.Listing(session)))
                .addSubcommand(new CommandLine(new PipelineCommand(session))
                        .addSubcommand(new PipelineCommand.Validate(session)))
                .addSubcommand(new PushCommand(session))
                .addSubcommand(new WaitCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new RunsCommand(session))
                .addSubcommand(new LogsCommand(session))
                .addSubcommand(new ReviewCommand(session))
                .addSubcommand(new ApproveCommand(session))
                .addSubcommand(new RejectCommand(session))
                .addSubcommand(new RequestChangesCommand(session))
                .addSubcommand(new CancelCommand(session))
                .addSubcommand(new RetryCommand(session))
                .addSubcommand(new CommandLine(new AuditCommand(session))
                        .addSubcommand(new AuditCommand.Show(session))
                        .addSubcommand(new VerifyCommand(session))
                        .addSubcommand(new ExportCommand(session))
                        .addSubcommand(new CheckpointCommand(session)))
                .addSubcommand(new CommandLine(new DlqCommand(session))
                        .addSubcommand(new DlqCommand.Listing(session))
                        .addSubcommand(new DlqCommand.Show(session))
                        .addSubcommand(new DlqCommand.Replay(session))
                        .addSubcommand(new DlqCommand.Discard(session)))
                .addSubcommand(new CommandLine(new SandboxCommand(session))
                        .addSubcommand(new StartCommand(session))
                        .addSubcommand(new ListCommand(session))
                        .addSubcommand(new ExecCommand(session))
                        .addSubcommand(new PutCommand(session))
                        .addSubcommand(new GetCommand(session))
                        .addSubcommand(new ExtendCommand(session))
                        .addSubcommand(new StopCommand(session))
                        .addSubcommand(new SelftestCommand(session)))
                .addSubcommand(new DoctorCommand(session))
                .addSubcommand(new CompletionCommand(session))
                .addSubcommand(new SetupCommand(session))
                .addSubcommand(new LauncherCommand.Test(session))
                .addSubcommand(new LauncherCommand.Bench(session));
    }
}
