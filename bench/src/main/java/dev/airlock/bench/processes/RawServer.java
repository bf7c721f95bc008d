package dev.airlock.bench.processes;

import dev.airlock.bench.runs.RawWorkflow;
import dev.airlock.dev.ports.Ports;
import dev.airlock.dev.temporal.EmbeddedTemporal;
import dev.airlock.dev.temporal.TemporalCommand;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.lifecycle.Termination;
import dev.airlock.platform.logging.Logs;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The baseline of a start: a Temporal server with the same flags, and a bare worker of the SDK's in one process. */
public final class RawServer {
    private RawServer() {}

    /** @param arguments the state directory */
    public static void main(String[] arguments) throws IOException {
        StateDirectory state = new StateDirectory(Path.of(arguments[0])).create();
        Logs.toFile(state, "raw");
        Lifecycle lifecycle = new Lifecycle();
        EmbeddedTemporal temporal = lifecycle.register(
                EmbeddedTemporal.start(state, TemporalCommand.find(), new Ports(state), System.err::println));
        TemporalClients clients = lifecycle.register(TemporalClients.connect(temporal.target()));
        WorkerFactory factory = WorkerFactory.newInstance(clients.client());
        lifecycle.register(factory::shutdownNow);
        Worker worker = factory.newWorker(RawWorkflow.QUEUE);
        worker.registerWorkflowImplementationTypes(RawWorkflow.Impl.class);
        worker.registerActivitiesImplementations(new RawWorkflow.Nothing());
        factory.start();
        Termination.serve(lifecycle, () -> System.out.println("{\"ready\":true}"));
    }

    static Launched start(StateDirectory state) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The same machine as dev's, but for the flags that bound memory.
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xmx")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RawServer.class.getName()));
        command.add(state.root().toString());
        return Launched.start(command, state.root().resolve("raw.err"));
    }
}
