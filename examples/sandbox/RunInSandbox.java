import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.session.CommandAnswer;
import dev.airlock.starter.session.InteractiveSandbox;
import dev.airlock.starter.session.SandboxCommand;
import dev.airlock.starter.session.Sandboxes;
import dev.airlock.starter.session.StartSandbox;
import dev.airlock.workflows.id.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Runs a project's tests where they can do no harm. Arguments: a state directory that `airlock dev` serves, and the project. */
public final class RunInSandbox {
    public static void main(String[] arguments) throws IOException {
        StateDirectory state = new StateDirectory(Path.of(arguments[0]));
        Path project = Path.of(arguments[1]);
        Endpoints servers = Endpoints.read(state);
        try (TemporalClients temporal = TemporalClients.connect(servers.temporal().target())) {
            Sandboxes sandboxes = Sandboxes.over(temporal.client(), state, servers.installation(), "example");
            InteractiveSandbox sandbox = sandboxes.start(StartSandbox.by(new Principal("agent:kim")));
            sandbox.put(project, "");
            CommandAnswer tests = sandbox.exec(SandboxCommand.of("python3", "-m", "unittest").within(Duration.ofMinutes(5)));
            System.out.write(sandbox.output(tests, 1 << 20));
            sandbox.stop("done");
            System.out.println(tests.passed() ? "passed" : "failed");
        }
    }
}
