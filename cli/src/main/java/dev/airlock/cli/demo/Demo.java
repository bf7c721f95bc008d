package dev.airlock.cli.demo;

import dev.airlock.cli.session.Environment;
import dev.airlock.cli.session.Text.Colour;
import dev.airlock.dev.DevEnvironment;
import dev.airlock.dev.TemporalChoice;
import dev.airlock.evidence.audit.AuditReport;
import dev.airlock.evidence.audit.AuditTrail;
import dev.airlock.evidence.audit.AuditVerifier;
import dev.airlock.platform.kafka.KafkaClients;
import dev.airlock.platform.kafka.Topics;
import dev.airlock.platform.state.Endpoints;
import dev.airlock.platform.temporal.TemporalClients;
import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.TemporalAirlockClient;
import dev.airlock.starter.failure.AirlockException;
import dev.airlock.starter.failure.ErrorCode;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.starter.review.ReviewFile;
import dev.airlock.starter.run.RunStatus;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.change.Outcome;
import dev.airlock.workflows.change.RunState;
import dev.airlock.workflows.change.StepState;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.LogEntry;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The story: from an empty directory to a promoted commit with a verified trail, told while it happens. */
final class Demo {
    private static final int BRIEF = 10;
    private static final String TEST = "test";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * How it is played.
     *
     * @param engine empty for the one that is ready soonest
     */
    record Cast(TemporalChoice temporal, Optional<String> engine, boolean killWorker, Approval approval) {}

    private final Cast cast;
    private final Stage stage;
    private final Story story;
    private final Stop stop;
    private final Environment environment;
    private KilledWorker.@Nullable Seen killing;

    Demo(Cast cast, Stage stage, Story story, Stop stop, Environment environment) {
        this.cast = cast;
        this.stage = stage;
        this.story = story;
        this.stop = stop;
        this.environment = environment;
    }

    /** What is known at its end; how long it took the caller knows. */
    Told play() throws IOException {
        Path example = Stage.home().resolve("examples/orders");
        story.chapter("Servers");
        Servers servers = new Servers(stage, story, stop);
        CompletableFuture<Void> workspace = servers.workspace(example);
        DevEnvironment dev;
        WorkerProcess worker = null;
        try {
            dev = servers.start(cast.temporal(), cast.engine());
            if (cast.killWorker()) {
                worker = servers.workerProcess(dev);
            } else {
                servers.worker(dev);
            }
        } finally {
            Servers.settle(workspace);
        }
        Servers.result(workspace);
        story.fact("state", stage.state().toString());
        try (TemporalClients temporal =
                TemporalClients.connect(dev.endpoints().temporal().target())) {
            AirlockClient client = new TemporalAirlockClient(
                    temporal.client(), stage.state(), dev.endpoints().installation(), "airlock:demo");
            return carry(client, dev.endpoints(), example, worker);
        }
    }

    private Told carry(AirlockClient client, Endpoints endpoints, Path example, @Nullable WorkerProcess worker)
            throws IOException {
        RunId run = push(client, Files.readString(example.resolve("task.md")));
        RunFollower follower = new RunFollower(client, run, story, stop);
        if (worker != null) {
            follower.until(status -> status.steps().stream()
                    .anyMatch(step ->
                            step.id().equals(TEST) && step.attempt() == 2 && step.state() == StepState.RUNNING));
            killing = new KilledWorker(stage, story, stop).kill(worker, run, TEST, 2);
        }
        follower.until(status -> status.state() == RunState.WAITING_REVIEW);
        Told.Killed killed =
                killing == null ? null : new KilledWorker(stage, story, stop).judge(killing, follower.output(TEST, 2));
        RunStatus ended = decide(client, follower, review(client, run));
        Told.Audit audit = audit(endpoints, ended);
        boolean promoted = ended.outcome() == Outcome.PROMOTED;
        return new Told(
                promoted && audit.ok() && (killed == null || killed.ok()),
                run,
                ended.outcome(),
                ended.promoted(),
                attempts(ended),
                audit,
                killed,
                0);
    }

    private RunId push(AirlockClient client, String task) throws IOException {
        story.chapter("A workspace and a task");
        LogEntry tip = tip();
        story.says(
                "\"orders\" is a git repository made from examples/orders, a small service in",
                "Python. Its branch main (" + brief(tip.commit()) + ") is guarded: nobody pushes to it. Every",
                "change goes the way that the repository itself lays down:",
                "",
                "  generate -> validate -> test in a sandbox -> review -> promote",
                "",
                cast.approval().author() + " wants a change and leaves the work to an agent. (Here it is a script",
                "without a model, which makes a typical mistake and learns from the tests.)",
                "");
        story.quote(Colour.PLAIN, excerpt(task));
        Pushed pushed = client.push(new PushRequest(
                new PushRequest.Origin(cast.approval().author(), null, "airlock:demo", "demo"),
                Servers.WORKSPACE,
                null,
                cast.killWorker() ? KilledWorker.PIPELINE : null,
                new PushRequest.Content.Task(task)));
        story.says("");
        story.fact("push", "started " + pushed.run());
        return pushed.run();
    }

    /** What the task asks for, without its title and its table. */
    private static List<String> excerpt(String task) {
        return task.lines()
                .filter(line -> line.startsWith("Customers") || line.startsWith("- What"))
                .toList();
    }

    private ReviewFile review(AirlockClient client, RunId run) {
        ReviewFile review = client.review(run);
        story.chapter("Review: a person decides on exactly this");
        review.diff().lines().forEach(line -> story.line(DiffColours.of(line), "   " + line));
        story.says("");
        story.says("evidence, by its digest:", "  " + review.evidence());
        story.says(
                "It stands for all that was found out: the tree, the tests that passed on just",
                "this tree, the pipeline, the findings. Who approves names it; if one byte",
                "changes or main moves meanwhile, the approval is void.",
                "");
        return review;
    }

    private RunStatus decide(AirlockClient client, RunFollower follower, ReviewFile review) {
        Approval approval = cast.approval();
        boolean yes = approval.yes(story, environment, stop);
        Decision decision = yes
                ? new Decision.Approve("demo", approval.by(), review.evidence())
                : new Decision.Reject("demo", approval.by(), review.evidence(), "not wanted");
        client.decide(review.run(), decision);
        if (approval.asks()) {
            story.says((yes ? "Approved by " : "Rejected by ") + approval.by() + ".");
        } else {
            story.says("Approved by " + approval.by() + " (--yes); " + approval.author()
                    + " may not approve her own change.");
        }
        long begun = System.nanoTime();
        story.now("promote", "the intent goes on the audit trail first");
        RunStatus ended = follower.until(status -> status.outcome() != null && status.audit() != null);
        if (ended.outcome() == Outcome.PROMOTED) {
            promotion(ended, Servers.since(begun));
        }
        return ended;
    }

    private void promotion(RunStatus ended, Duration took) {
        story.chapter("Promotion: the very same bytes");
        try {
            LogEntry tip = tip();
            if (!tip.commit().equals(ended.promoted()) || !tip.tree().equals(ended.tree())) {
                throw new AirlockException(
                        ErrorCode.TREE_MISMATCH, "main is at " + tip + ", which nobody approved", "main", null);
            }
            story.done(
                    "main",
                    Colour.GOOD,
                    "moved",
                    " from " + brief(ended.base()) + " to " + brief(tip.commit()) + ": "
                            + tip.message().lines().findFirst().orElse(""),
                    took);
            story.fact("commit", tip.commit().toString());
            story.fact("tree", tip.tree() + ", the one that was");
            story.says("           tested and approved: not a byte more, not a byte less.");
        } catch (IOException e) {
            throw new AirlockException(ErrorCode.INTERNAL, "the workspace cannot be read: " + e, null, null)
                    .causedBy(e);
        }
    }

    private Told.Audit audit(Endpoints endpoints, RunStatus ended) {
        story.chapter("Audit trail: who did what, in a chain of hashes");
        long begun = System.nanoTime();
        AuditVerifier verifier = new AuditVerifier();
        RunStatus.Audit head = ended.audit();
        if (head != null) {
            verifier.expectHead(ended.run(), head.sequence(), head.hash());
        }
        new AuditTrail(KafkaClients.of(endpoints.kafka()), Topics.AUDIT, PATIENCE).raw(ended.run(), verifier::add);
        AuditReport report = verifier.report();
        if (report.ok()) {
            story.done(
                    "verify",
                    Colour.GOOD,
                    "whole",
                    ": " + report.events() + " events, none missing, altered or swapped",
                    Servers.since(begun));
        } else {
            story.done("verify", Colour.BAD, "broken", ": " + report.problems(), Servers.since(begun));
        }
        story.says("Each event carries the hash of the one before it. The last one's:", "  " + report.head());
        return new Told.Audit(report.ok(), report.events());
    }

    private LogEntry tip() throws IOException {
        try (WorkspaceRepository repository = new Workspaces(stage.state().workspaces()).open(Servers.WORKSPACE)) {
            return repository.log("main", 1).get(0);
        }
    }

    private static int attempts(RunStatus ended) {
        return (int)
                ended.steps().stream().filter(step -> step.id().equals(TEST)).count();
    }

    private static String brief(Object id) {
        return id.toString().substring(0, BRIEF);
    }
}
