package dev.airlock.bench.runs;

import dev.airlock.starter.AirlockClient;
import dev.airlock.starter.push.PushRequest;
import dev.airlock.starter.push.Pushed;
import dev.airlock.workflows.change.ChangeResult;
import dev.airlock.workflows.change.Decision;
import dev.airlock.workflows.id.Digest;
import dev.airlock.workflows.id.Principal;
import dev.airlock.workflows.id.RunId;
import dev.airlock.workspace.git.WorkspaceRepository;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Does one run after the other, or one raw workflow after the other. Each lane has its own workspace to promote to. */
final class Lane {
    private static final Principal AUTHOR = new Principal("user:ann");
    private static final Principal REVIEWER = new Principal("user:rita");
    private static final long PATIENCE_SECONDS = 120;
    private static final String PIPELINE = """
            pipeline: bench
            steps:
              - { id: generate, uses: generate, with: { agent: { run: "make" } } }
              - { id: validate, uses: validate, with: { checks: [paths, size, secrets] } }
              - { id: test, uses: sandbox, with: { run: "test" } }
              - { id: review, uses: review, with: { approvals: 1, not: [author], timeout: 1h } }
              - { id: promote, uses: promote }
            """;

    private final RunServers servers;
    private final AirlockClient client;
    private final String workspace;

    private Lane(RunServers servers, String workspace) {
        this.servers = servers;
        this.client = servers.client();
        this.workspace = workspace;
    }

    /** @param directory scratch, for the workspace's first content */
    static Lane open(RunServers servers, String workspace, Path directory) throws IOException {
        Files.createDirectories(directory.resolve(".airlock"));
        Files.writeString(directory.resolve(".airlock/pipeline.yaml"), PIPELINE);
        Files.writeString(directory.resolve("README.md"), "A workspace to measure on.\n");
        try (WorkspaceRepository made = servers.workspaces().create(workspace, directory, "main")) {
            return new Lane(servers, made.name());
        }
    }

    /** From push to promotion, and the trail is whole. */
    RunId run() throws Exception {
        String request = UUID.randomUUID().toString();
        Pushed pushed = client.push(new PushRequest(
                new PushRequest.Origin(AUTHOR, "bench", "airlock:bench", request),
                workspace,
                null,
                null,
                new PushRequest.Content.Task("make it\n")));
        RunId run = pushed.run();
        Digest evidence = servers.audit().review(run).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        servers.audit().forget(run);
        client.decide(run, new Decision.Approve(request, REVIEWER, evidence));
        ChangeResult result = servers.temporal()
                .client()
                .newUntypedWorkflowStub(run.value())
                .getResult(PATIENCE_SECONDS, TimeUnit.SECONDS, ChangeResult.class);
        if (!(result instanceof ChangeResult.Promoted)) {
            throw new IllegalStateException(
                    run + " was not promoted: " + result.view().reason());
        }
        return run;
    }

    /** Five steps of nothing. @return the workflow's id */
    String raw() {
        String id = "raw-" + UUID.randomUUID();
        RawWorkflow workflow = servers.temporal()
                .client()
                .newWorkflowStub(
                        RawWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue(RawWorkflow.QUEUE)
                                .build());
        if (workflow.run(workspace) != RawWorkflow.STEPS) {
            throw new IllegalStateException(id + " lost a step");
        }
        return id;
    }
}
