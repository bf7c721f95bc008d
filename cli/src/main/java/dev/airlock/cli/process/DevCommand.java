package dev.airlock.cli.process;

import dev.airlock.cli.session.Action;
import dev.airlock.cli.session.Session;
import dev.airlock.cli.session.Text;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.DevOptions;
import dev.airlock.platform.failure.PlatformException;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.lifecycle.Termination;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.telemetry.Telemetry;
import dev.airlock.starter.server.AirlockServer;
import dev.airlock.starter.service.ServerConfig;
import dev.airlock.worker.AirlockWorker;
import dev.airlock.worker.WorkerConfig;
import dev.airlock.workflows.sandbox.EngineIdentity;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves everything on one machine. */
@Command(
        name = "dev",
        description = "Start everything on this machine: Temporal, Kafka, worker and server. Stays until Ctrl-C.",
        footer = {
            "",
            "The first line on stdout tells that it is ready, and where; the same is in DIR/endpoints.json.",
            "",
            "Examples:",
            "  airlock dev",
            "  airlock dev --no-worker -o json",
            "  airlock dev --temporal memory",
            "  airlock dev --temporal temporal.internal:7233 --kafka kafka.internal:9092"
        })
public final class DevCommand extends Action {
    @Option(names = "--no-worker", description = "Do no steps; `airlock worker` does.")
    private boolean noWorker;

    @Option(names = "--no-server", description = "Take no requests from Kafka; `airlock server` does.")
    private boolean noServer;

    @Option(
            names = "--engine",
            paramLabel = "docker|bubblewrap",
            defaultValue = "${env:AIRLOCK_ENGINE}",
            description =
                    "What isolates sandboxes ($$AIRLOCK_ENGINE). Default: docker when it answers, else bubblewrap.")
    private @Nullable String engine;

    @Option(
            names = "--temporal",
            paramLabel = "real|memory|HOST:PORT",
            defaultValue = "${env:AIRLOCK_TEMPORAL:-auto}",
            description = "real: an own Temporal on a database file. memory: one that forgets when dev ends."
                    + " HOST:PORT: one that runs already ($$AIRLOCK_TEMPORAL)."
                    + " Default: real if there is a temporal command, else memory.")
    private String temporal = "auto";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:AIRLOCK_KAFKA}",
            description = "A Kafka cluster that runs already ($$AIRLOCK_KAFKA). Default: an own broker.")
    private @Nullable String kafka;

    public DevCommand(Session session) {
        super(session);
    }

    @Override
    protected int perform() {
        StateDirectory state = session().state().create();
        Reporting reporting = Reporting.begin("dev", state);
        DevOptions options =
                DevOptions.of(state, temporal, Optional.ofNullable(kafka)).withKafkaProperties(reporting.kafka());
        DevEnvironment environment = DevEnvironment.start(options, answers()::note);
        Lifecycle lifecycle = new Lifecycle();
        lifecycle.register(reporting.telemetry());
        lifecycle.register(environment);
        Termination.closeAtTheEnd(lifecycle);
        try {
            EngineIdentity identity = noWorker ? engineIfAny(state) : worker(state, environment, reporting.telemetry());
            if (!noServer) {
                attach(
                        environment,
                        endpoints -> server(
                                new ServerConfig(state, endpoints, reporting.settings(), reporting.telemetry())));
            }
            Endpoints endpoints = environment.announce(identity, reporting.metrics());
            answers().give(endpoints, text -> write(endpoints, text));
        } catch (RuntimeException e) {
            lifecycle.close();
            throw e;
        }
        while (true) {
            LockSupport.park();
        }
    }

    private @Nullable EngineIdentity worker(StateDirectory state, DevEnvironment environment, Telemetry telemetry) {
        EngineIdentity chosen = choice(state);
        AtomicReference<EngineIdentity> identity = new AtomicReference<>();
        attach(environment, endpoints -> {
            AirlockWorker worker = AirlockWorker.start(
                    WorkerConfig.onThisMachine(state, endpoints.with(chosen), DevEnvironment.home(), false), telemetry);
            identity.set(worker.engine());
            return worker;
        });
        return identity.get();
    }

    private AirlockServer server(ServerConfig config) {
        AirlockServer server = AirlockServer.start(config.inDev());
        answers().note("requests: " + server.unnamedSources());
        return server;
    }

    private static void attach(DevEnvironment environment, DevEnvironment.Tenant tenant) {
        try {
            environment.attach(tenant);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("worker or server does not start", e);
        }
    }

    /** Without a worker nothing needs the engine yet; what is known of it is told. */
    private @Nullable EngineIdentity engineIfAny(StateDirectory state) {
        try {
            return choice(state);
        } catch (PlatformException e) {
            answers().note("no sandbox engine yet: " + e.getMessage());
            return null;
        }
    }

    private EngineIdentity choice(StateDirectory state) {
        return EngineChoice.make(Optional.ofNullable(engine), state, answers()::note);
    }

    private static String remark(Endpoints.Temporal temporal) {
        if (temporal.inMemory()) {
            return ", in memory: forgets all runs when this ends";
        }
        return temporal.ui() == null ? "" : ", web UI " + temporal.ui();
    }

    private static void write(Endpoints endpoints, Text text) {
        text.line(Colour.GOOD, "ready");
        text.line("  pid       " + endpoints.pid());
        text.line("  state     " + endpoints.state());
        text.line("  temporal  " + endpoints.temporal().target() + remark(endpoints.temporal()));
        text.line("  kafka     " + endpoints.kafka().bootstrap());
        EngineIdentity engine = endpoints.engine();
        text.line("  engine    "
                + (engine == null ? "none" : engine.name() + " (" + engine.runtime() + ", " + engine.tier() + ")"));
        if (endpoints.metrics() != null) {
            text.line("  metrics   " + endpoints.metrics());
        }
        text.line(Colour.FAINT, "in another terminal: airlock workspace create NAME --from DIR");
    }
}
