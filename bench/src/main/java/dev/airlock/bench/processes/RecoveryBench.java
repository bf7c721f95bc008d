package dev.airlock.bench.processes;

import dev.airlock.bench.lab.Bench;
import dev.airlock.bench.lab.Lab;
import dev.airlock.bench.lab.Unmeasurable;
import dev.airlock.bench.machine.Tool;
import dev.airlock.bench.measure.Alternation;
import dev.airlock.bench.measure.Samples;
import dev.airlock.bench.measure.Stopwatch;
import dev.airlock.bench.report.Goal;
import dev.airlock.bench.report.Row;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.state.StateDirectory;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.TemporalAirlockClient;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.workflows.change.Cancel;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Recovery (g): the worker is killed with -9 while a command prints in its sandbox; a new one is started at once, and the
 * command's output goes on where it stopped.
 */
public final class RecoveryBench implements Bench {
    /** The engine's own time-outs: a heartbeat of a sandbox step, then a sticky queue that nobody polls any more. */
    private static final double TIMEOUTS_SECONDS = 5 + 1;

    private static final double ALLOWANCE_SECONDS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ENOUGH_BYTES = 40;
    private static final String PIPELINE = """
            pipeline: counting
            steps:
              - { id: generate, uses: generate, with: { agent: { run: "touch made" } } }
              - id: test
                uses: sandbox
                with: { run: "i=0; while true; do i=$((i+1)); echo $i; sleep 0.05; done", limits: { timeout: 5m } }
              - { id: review, uses: review, with: { approvals: 1, timeout: 1h } }
              - { id: promote, uses: promote }
            """;

    @Override
    public Set<String> ids() {
        return Set.of("g");
    }

    @Override
    public List<Row> measure(Lab lab) throws Exception {
        if (!dockerAnswers()) {
            throw new Unmeasurable("no docker daemon answers");
        }
        StateDirectory state = new StateDirectory(lab.scratch("recovery"));
        try (Launched dev = lab.register(Launched.airlock(lab.home(), state, "dev", "--no-worker"));
                TemporalClients temporal = TemporalClients.connect(
                        dev.ready().at("/temporal/target").asText())) {
            AirlockClient client = new TemporalAirlockClient(
                    temporal.client(), state, Endpoints.read(state).installation(), "airlock:bench");
            workspace(lab, state);
            List<Samples> fromKill = new ArrayList<>();
            List<Samples> fromReady = new ArrayList<>();
            for (int i = 0; i < lab.blocks(); i++) {
                lab.say("g: kill " + (i + 1));
                recover(lab, state, client, fromKill, fromReady);
            }
            return List.of(
                    row("from kill -9 to the output going on", fromKill),
                    row("from the new worker's being ready", fromReady));
        }
    }

    private static Row row(String what, List<Samples> seconds) {
        List<Samples> bound =
                seconds.stream().map(any -> Samples.of(TIMEOUTS_SECONDS)).toList();
        return Row.cost(
                "g",
                "s",
                what,
                "heartbeat and sticky time-outs",
                Alternation.measured(seconds, bound),
                Goal.valueAtMost(TIMEOUTS_SECONDS + ALLOWANCE_SECONDS, "s"));
    }

    private static boolean dockerAnswers() throws InterruptedException {
        try {
            Tool.run("docker", "version", "--format", "{{.Server.Version}}");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void workspace(Lab lab, StateDirectory state) throws IOException {
        Path content = lab.scratch("counting");
        Files.createDirectories(content.resolve(".airlock"));
        Files.writeString(content.resolve(".airlock/pipeline.yaml"), PIPELINE);
        try (WorkspaceRepository made = new Workspaces(state.workspaces()).create("counting", content, "main")) {
            lab.say("g: workspace " + made.name());
        }
    }

    private static void recover(
            Lab lab, StateDirectory state, AirlockClient client, List<Samples> fromKill, List<Samples> fromReady)
            throws Exception {
        try (Launched first = lab.register(Launched.airlock(lab.home(), state, "worker"))) {
            RunId run = push(client);
            Path output = state.output().resolve(run.value()).resolve("test").resolve("1");
            await(() -> size(output) > ENOUGH_BYTES, run + " prints nothing");
            first.kill();
            Stopwatch killed = new Stopwatch();
            long seen = size(output);
            try (Launched second = lab.register(Launched.airlock(lab.home(), state, "worker"))) {
                await(() -> size(output) > seen, run + " does not go on");
                fromKill.add(Samples.of(killed.millis() / 1000));
                fromReady.add(Samples.of(second.sinceReady().millis() / 1000));
                client.cancel(run, new Cancel(new Principal("user:bench"), "measured"));
                await(() -> client.status(run).outcome() != null, run + " does not end");
            }
        }
    }

    private static RunId push(AirlockClient client) {
        return client.push(new PushRequest(
                        new PushRequest.Origin(
                                new Principal("user:ann"),
                                "count",
                                "airlock:bench",
                                UUID.randomUUID().toString()),
                        "counting",
                        null,
                        null,
                        new PushRequest.Content.Task("count\n")))
                .run();
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static void await(BooleanSupplier condition, String otherwise) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(otherwise);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
