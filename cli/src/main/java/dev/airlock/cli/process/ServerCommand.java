package dev.airlock.cli.process;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.lifecycle.Termination;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.starter.service.ServerConfig;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

/** Starts runs by records on Kafka. */
@Command(
        name = "server",
        description = "Start runs for requests that come by Kafka, on the servers of `dev`. Stays until Ctrl-C.",
        footer = {
            "",
            "`airlock dev` has one in its own process; any number of others share its work.",
            "",
            "Examples:",
            "  airlock server",
            "  airlock server -o json"
        })
public final class ServerCommand extends Action {
    public ServerCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        StateDirectory state = session().state();
        Endpoints found = session().endpoints();
        Reporting reporting = Reporting.begin("server", state);
        Endpoints endpoints = reporting.as(found);
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.register(reporting.telemetry());
        AirlockServer server = lifecycle.register(
                AirlockServer.start(new ServerConfig(state, endpoints, reporting.settings(), reporting.telemetry())));
        Termination.closeAtTheEnd(lifecycle);
        answers().note("requests: " + server.unnamedSources());
        answers()
                .give(
                        server.ready(),
                        text -> text.line("ready: pid " + server.ready().pid() + ", takes requests from "
                                + server.ready().trigger()));
        while (true) {
            LockSupport.park();
        }
    }
}
