package dev.airlock.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.TemporalAirlockClient;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.starter.run.WaitFor;
import dev.airlock.system.kafka.KafkaCluster;
import dev.airlock.system.kafka.Trail;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A cluster of three brokers, the product's servers and workers as processes, and a client in this one: what can be broken
 * while runs go on. Sandboxes are bubblewrap's.
 */
final class Plant implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PIPELINE = """
            pipeline: chaos
            limits: { attempts: 2, deadline: 2h }
            steps:
              - { id: generate, uses: generate, with: { agent: { run: "echo $AIRLOCK_RUN > made.txt" } } }
              - { id: validate, uses: validate, with: { checks: [paths, size, secrets] } }
              - { id: test, uses: sandbox, with: { run: "cat made.txt", limits: { timeout: 5m } } }
              - { id: review, uses: review, with: { approvals: 1, not: [author], timeout: 2h } }
              - { id: promote, uses: promote }
            """;

    final Airlock airlock;
    final KafkaCluster cluster;
    private final StateDirectory state;
    private final TemporalClients temporal;
    private final AirlockClient client;

    /** Everything but a worker. A start that fails leaves nothing running. */
    Plant() throws IOException {
        airlock = new Airlock();
        cluster = KafkaCluster.start(airlock.scratch("cluster"));
        try {
            Airlock.Server dev = airlock.dev("--no-worker", "--engine", "bubblewrap", "--kafka", cluster.bootstrap());
            assertThat(dev.ready().path("ready").asBoolean())
                    .as("%s", dev.ready())
                    .isTrue();
            state = new StateDirectory(airlock.state);
            temporal =
                    TemporalClients.connect(dev.ready().at("/temporal/target").asText());
            client = new TemporalAirlockClient(temporal.client(), state, state.installation(), "airlock:chaos");
        } catch (RuntimeException | AssertionError e) {
            cluster.close();
            airlock.close();
            throw e;
        }
    }

    Airlock.Server worker() {
        return airlock.worker();
    }

    /** One on another machine, as far as the lock of this one is concerned. */
    Airlock.Server workerElsewhere(String host) throws IOException {
        try (Stream<Path> locks = Files.list(airlock.state.resolve("locks"))) {
            for (Path lock : locks.toList()) {
                Files.delete(lock);
            }
        }
        return airlock.worker(Map.of("AIRLOCK_HOST", host));
    }

    void workspace(String name) throws IOException {
        workspace(name, PIPELINE);
    }

    /** One whose agent takes so many seconds. */
    void workspace(String name, int seconds) throws IOException {
        workspace(
                name,
                PIPELINE.replace(
                        "echo $AIRLOCK_RUN",
                        "seq " + 10 * seconds + " | while read i; do echo $i; sleep 0.1; done; echo $AIRLOCK_RUN"));
    }

    private void workspace(String name, String pipeline) throws IOException {
        Path content = airlock.scratch("content-" + name);
        Files.createDirectories(content.resolve(".airlock"));
        Files.writeString(content.resolve(".airlock/pipeline.yaml"), pipeline);
        Files.writeString(content.resolve("README.md"), name + "\n");
        try (WorkspaceRepository made = new Workspaces(state.workspaces()).create(name, content, "main")) {
            assertThat(made.name()).isEqualTo(name);
        }
    }

    CommitId tip(String workspace) throws IOException {
        try (WorkspaceRepository repository = new Workspaces(state.workspaces()).open(workspace)) {
            return repository.tip("main").orElseThrow();
        }
    }

    RunId push(String workspace) {
        String request = UUID.randomUUID().toString();
        return client.push(new PushRequest(
                        new PushRequest.Origin(new Principal("user:ann"), "chaos", "airlock:chaos", request),
                        workspace,
                        null,
                        null,
                        new PushRequest.Content.Task("make it\n")))
                .run();
    }

    AirlockClient client() {
        return client;
    }

    void awaitReview(RunId run) {
        awaitReview(run, PATIENCE);
    }

    /** Longer than a machine may be away before its step is done elsewhere. */
    void awaitReviewElsewhere(RunId run) {
        awaitReview(run, PATIENCE.multipliedBy(2));
    }

    private void awaitReview(RunId run, Duration patience) {
        assertThat(client.await(run, WaitFor.REVIEW, patience).reached())
                .as("review of %s", run)
                .isTrue();
    }

    RunStatus awaitEnd(RunId run) {
        return client.await(run, WaitFor.END, PATIENCE).status();
    }

    /** Waits for the step's second attempt, longer than a machine may be away. */
    void awaitRetry(RunId run, String step) {
        Airlock.await(
                () -> client.status(run).steps().stream()
                        .anyMatch(one -> one.id().equals(step) && one.attempt() == 2),
                "there is no second attempt of " + step,
                Duration.ofMinutes(4));
    }

    long historyLength(RunId run) {
        return temporal.client().newUntypedWorkflowStub(run.value()).describe().getHistoryLength();
    }

    void approve(RunId run) {
        client.decide(
                run,
                new Decision.Approve(
                        "yes-" + run,
                        new Principal("user:rita"),
                        Objects.requireNonNull(client.status(run).evidence())));
    }

    void reject(RunId run) {
        client.decide(run, new Decision.Reject("no-" + run, new Principal("user:rita"), null, "seen enough"));
    }

    RunState stateOf(RunId run) {
        return client.status(run).state();
    }

    /**
     * Asserts that the trail has every event of every run once, after copies: no id with two contents, no gap, one beginning
     * and one end each, as many as the run says; and that the product's verifier finds it whole.
     */
    Trail assertWhole(Collection<RunId> runs) {
        Trail trail = Trail.read(cluster.clients());
        assertThat(trail.conflicts()).as("ids with two contents").isEmpty();
        assertThat(trail.gaps()).as("missing numbers").isEmpty();
        for (RunId run : runs) {
            RunStatus status = client.status(run);
            assertThat(status.state()).as("%s", run).isEqualTo(RunState.ENDED);
            assertThat(trail.count(run.value(), "run.started"))
                    .as("beginnings of %s", run)
                    .isOne();
            assertThat(trail.count(run.value(), "run.ended"))
                    .as("ends of %s", run)
                    .isOne();
            assertThat(trail.count(run.value(), "promotion.completed"))
                    .as("promotions of %s", run)
                    .isEqualTo(status.promoted() == null ? 0 : 1);
            assertThat(lost(trail, run)).as("lost events of %s", run).isZero();
        }
        JsonNode verified = airlock.ok("audit", "verify", "--all").json();
        assertThat(verified.path("ok").asBoolean()).as("%s", verified).isTrue();
        return trail;
    }

    /** How many of the events that the run knows to be acknowledged the trail does not have. */
    long lost(Trail trail, RunId run) {
        long acknowledged = Objects.requireNonNull(client.status(run).audit()).sequence();
        return acknowledged - trail.events(run.value());
    }

    /** Memory of the process that is resident. */
    static long residentMegabytes(Airlock.Server server) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + server.process().pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .sum()
                    / 1024;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        temporal.close();
        try {
            airlock.stopServers();
        } finally {
            cluster.close();
            airlock.close();
        }
    }
}
