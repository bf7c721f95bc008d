package dev.airlock.cli.process;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.lifecycle.Termination;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.worker.AirlockWorker;
import dev.airlock.worker.WorkerConfig;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs workflows, and the sandboxes of this host. */
@Command(
        name = "worker",
        description = "Run workflows, and the sandboxes of this host, on the servers of `dev`. Stays until Ctrl-C.",
        footer = {
            "",
            "One worker at a time serves an installation's sandboxes on this machine. When it is killed, the next one takes",
            "up its running sandboxes.",
            "",
            "Examples:",
            "  airlock worker",
            "  airlock worker --take-over"
        })
public final class WorkerCommand extends Action {
    @Option(names = "--take-over", description = "End another worker that holds this machine's sandboxes.")
    private boolean takeOver;

    public WorkerCommand(Session session) {
        super(session);
    }

    /**
     * The ready line.
     *
     * @param metrics where they can be asked for, if a setting says so
     */
    record Ready(
            boolean ready,
            long pid,
            String host,
            EngineIdentity engine,
            @Nullable String metrics) {}

    @Override
    protected int perform() {
        StateDirectory state = session().state();
        Endpoints found = session().endpoints();
        Reporting reporting = Reporting.begin("worker", state);
        Endpoints endpoints = reporting.as(found);
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.register(reporting.telemetry());
        AirlockWorker worker = lifecycle.register(AirlockWorker.start(
                WorkerConfig.onThisMachine(state, endpoints, DevEnvironment.home(), takeOver), reporting.telemetry()));
        Termination.closeAtTheEnd(lifecycle);
        Ready ready =
                new Ready(true, ProcessHandle.current().pid(), worker.host(), worker.engine(), reporting.metrics());
        answers()
                .give(
                        ready,
                        text -> text.line("ready: pid " + ready.pid() + ", host " + ready.host() + ", engine "
                                + ready.engine().name() + " (" + ready.engine().tier() + ")"));
        while (true) {
            LockSupport.park();
        }
    }
}
