package dev.airlock.bench.runs;

import dev.airlock.activities.audit.AuditActivitiesImpl;
import dev.airlock.activities.audit.KafkaAuditLog;
import dev.airlock.activities.promote.PromoteActivitiesImpl;
import dev.airlock.activities.repository.RepositoryAccess;
import dev.airlock.activities.review.ReviewActivitiesImpl;
import dev.airlock.activities.validate.ValidateActivitiesImpl;
import dev.airlock.activities.validate.Validators;
import dev.airlock.bench.lab.Lab;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.DevOptions;
import dev.airlock.dev.TemporalChoice;
import dev.airlock.dev.temporal.EmbeddedTemporal;
import dev.airlock.evidence.artifact.ArtifactStore;
import dev.airlock.evidence.artifact.DirectoryArtifactStore;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.lifecycle.Lifecycle;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.ProcessRecord;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.TemporalAirlockClient;
import dev.airlock.worker.ActivityBinding;
import dev.airlock.worker.TaskServer;
import dev.airlock.workflows.change.TaskQueues;
import dev.airlock.workspace.git.Workspaces;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The servers as {@code dev} starts them, the product's worker with a stubbed sandbox, and a worker of the SDK's own making
 * with raw workflows, all on the same Temporal server.
 */
final class RunServers implements AutoCloseable {
    private static final int SLOTS = 64;

    private final Lifecycle lifecycle = new Lifecycle();
    private final StateDirectory state;
    private final Endpoints endpoints;
    private final TemporalClients temporal;
    private final AuditSwitch audit;
    private final Workspaces workspaces;

    private RunServers(StateDirectory state, Lab lab) throws IOException {
        this.state = state;
        this.endpoints = lifecycle
                .register(DevEnvironment.start(
                        new DevOptions(state, new TemporalChoice.Real(), Optional.empty()), lab::say))
                .endpoints();
        this.temporal =
                lifecycle.register(TemporalClients.connect(endpoints.temporal().target()));
        this.workspaces = new Workspaces(state.workspaces());
        KafkaAuditLog log = lifecycle.register(KafkaAuditLog.withVerdicts(
                new KafkaClients(endpoints.kafka().bootstrap()),
                Topics.AUDIT,
                Topics.VERDICTS,
                new DirectoryArtifactStore(state.artifacts())));
        this.audit = new AuditSwitch(new AuditActivitiesImpl(log));
    }

    static RunServers start(Lab lab) throws IOException {
        StateDirectory state = new StateDirectory(lab.scratch("runs"));
        RunServers servers = new RunServers(state, lab);
        try {
            servers.serveRuns();
            servers.serveRaw();
            lab.temporalFlags(servers.flags());
            return servers;
        } catch (IOException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    private void serveRuns() throws IOException {
        ArtifactStore artifacts = new DirectoryArtifactStore(state.artifacts());
        RepositoryAccess repositories = new RepositoryAccess(workspaces);
        List<ActivityBinding> bindings = List.of(
                ActivityBinding.on(
                        new ValidateActivitiesImpl(workspaces, artifacts, Validators.standard()), TaskQueues.MAIN),
                ActivityBinding.on(new ReviewActivitiesImpl(repositories, artifacts), TaskQueues.MAIN),
                ActivityBinding.on(new PromoteActivitiesImpl(repositories), TaskQueues.MAIN),
                ActivityBinding.on(audit, TaskQueues.MAIN, TaskQueues.AUDIT),
                ActivityBinding.on(new StubSandbox(workspaces, artifacts), TaskQueues.SANDBOX));
        lifecycle.register(new TaskServer(temporal.client(), bindings, SLOTS)).start();
    }

    private void serveRaw() {
        WorkerFactory factory = WorkerFactory.newInstance(temporal.client());
        Worker worker = factory.newWorker(RawWorkflow.QUEUE);
        worker.registerWorkflowImplementationTypes(RawWorkflow.Impl.class);
        worker.registerActivitiesImplementations(new RawWorkflow.Nothing());
        lifecycle.register(() -> {
            factory.shutdownNow();
            factory.awaitTermination(2, TimeUnit.SECONDS);
        });
        factory.start();
    }

    /** What the server was started with beyond its defaults, by its own command line. */
    private List<String> flags() throws IOException {
        long pid = ProcessRecord.read(state, EmbeddedTemporal.NAME)
                .map(ProcessRecord::pid)
                .orElse(0L);
        Path line = Path.of("/proc/" + pid + "/cmdline");
        if (!Files.exists(line)) {
            return List.of();
        }
        String[] words = Files.readString(line, StandardCharsets.UTF_8).split("\0", -1);
        List<String> flags = new ArrayList<>();
        for (int i = 0; i + 1 < words.length; i++) {
            if (words[i].equals("--dynamic-config-value") || words[i].equals("--sqlite-pragma")) {
                flags.add(words[i] + " " + words[i + 1]);
            }
        }
        return flags;
    }

    TemporalClients temporal() {
        return temporal;
    }

    AuditSwitch audit() {
        return audit;
    }

    Workspaces workspaces() {
        return workspaces;
    }

    AirlockClient client() {
        return new TemporalAirlockClient(temporal.client(), state, endpoints.installation(), "airlock:bench");
    }

    @Override
    public void close() {
        lifecycle.close();
    }
}
