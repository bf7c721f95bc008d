package dev.airlock.workspace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.Payloads;
import dev.airlock.workflows.id.CommitId;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import dev.airlock.workspace.git.WorkspaceException;
import dev.airlock.workspace.git.WorkspaceRepository;
import dev.airlock.workspace.git.Workspaces;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineCompilerTest {
    @TempDir
    Path temp;

    @Test
    void fillsInEveryDefault() {
        Pipeline pipeline = compile("""
                pipeline: orders
                steps:
                  - { id: make, uses: generate, with: { agent: { run: "make it" } } }
                  - { id: look, uses: validate }
                  - { id: try, uses: sandbox, with: { run: [make, test] } }
                  - { id: ask, uses: review }
                  - { id: go, uses: promote }
                """);

        assertThat(pipeline.workspace()).isEmpty();
        assertThat(pipeline.limits()).isEqualTo(new Pipeline.Limits(3, Duration.ofDays(3)));
        assertThat(pipeline.steps())
                .containsExactly(
                        step("make", List.of(), new StepUse.Generate(command("/bin/sh", "-c", "make it"), false)),
                        step(
                                "look",
                                List.of("make"),
                                new StepUse.Validate(
                                        List.of("paths", "size", "secrets"),
                                        new StepUse.Paths(List.of(), List.of(".airlock/**")),
                                        new StepUse.Sizes(1 << 20, 64 << 20),
                                        null)),
                        step("try", List.of("look"), new StepUse.Sandbox(command("make", "test"), List.of())),
                        step("ask", List.of("try"), new StepUse.Review(1, List.of(), true, Duration.ofDays(2))),
                        step("go", List.of("ask"), new StepUse.Promote(null)));
    }

    @Test
    void readsEveryQuantity() {
        Pipeline pipeline = compile("""
                pipeline: orders
                workspace: shop
                limits: { attempts: 7, deadline: 1d2h3m4s }
                steps:
                  - id: try
                    uses: sandbox
                    with:
                      run: "true"
                      image: tools
                      limits: { cpu: 0.5, memory: 1Gi, disk: 64Ki, pids: 9, timeout: 90s, output: 1000 }
                      artifacts: ["report/**"]
                  - id: again
                    uses: sandbox
                    with: { run: "true", limits: { cpu: 250m } }
                  - id: look
                    uses: validate
                    with: { checks: [size], paths: { allow: [src/**], deny: [src/x, .airlock/**] }, size: { total: 2Mi } }
                  - id: ask
                    uses: review
                    with: { approvals: 2, from: [admin], not: [], timeout: 36h }
                """);

        assertThat(pipeline.workspace()).isEqualTo("shop");
        assertThat(pipeline.limits())
                .isEqualTo(new Pipeline.Limits(
                        7, Duration.ofDays(1).plusHours(2).plusMinutes(3).plusSeconds(4)));
        assertThat(pipeline.steps().stream().map(Step::use))
                .containsExactly(
                        new StepUse.Sandbox(
                                new CommandSpec(
                                        List.of("/bin/sh", "-c", "true"),
                                        "tools",
                                        new CommandSpec.Limits(
                                                500, 1 << 30, 64 << 10, 9, Duration.ofSeconds(90), 1000)),
                                List.of("report/**")),
                        new StepUse.Sandbox(
                                new CommandSpec(
                                        List.of("/bin/sh", "-c", "true"),
                                        "base",
                                        new CommandSpec.Limits(
                                                250, 512L << 20, 256L << 20, 128, Duration.ofMinutes(10), 64L << 20)),
                                List.of()),
                        new StepUse.Validate(
                                List.of("size"),
                                new StepUse.Paths(List.of("src/**"), List.of(".airlock/**", "src/x")),
                                new StepUse.Sizes(1 << 20, 2 << 20),
                                null),
                        new StepUse.Review(2, List.of("admin"), false, Duration.ofHours(36)));
    }

    @Test
    void putsStepsInTheOrderOfTheirNeeds() {
        Pipeline pipeline = compile("""
                pipeline: orders
                steps:
                  - { id: last, uses: promote, needs: [middle, first] }
                  - { id: middle, uses: review, needs: [first] }
                  - { id: first, uses: validate, needs: [] }
                """);

        assertThat(pipeline.steps()).extracting(Step::id).containsExactly("first", "middle", "last");
    }

    @Test
    void theDigestIsThatOfTheCanonicalRecord() throws Exception {
        CompileResult.Compiled compiled = compiled("{pipeline: a, steps: [{id: b, uses: review}]}");

        assertThat(compiled.digest()).isEqualTo(CanonicalJson.digest(compiled.pipeline()));
        assertThat(compiled("# same\npipeline: a\nsteps:\n- uses: review\n  id: b\n"))
                .isEqualTo(compiled);
        assertThat(Payloads.mapper().readValue(CanonicalJson.bytes(compiled.pipeline()), Pipeline.class))
                .isEqualTo(compiled.pipeline());
    }

    @Test
    void thePublishedSchemaIsTheOneThatCounts() throws Exception {
        Path published = Path.of("..", "docs", "pipeline.schema.json");

        assertThat(getClass().getResourceAsStream(SchemaCheck.RESOURCE))
                .hasSameContentAs(Files.newInputStream(published));
    }

    @Test
    void theExampleIsWithoutMistakes() throws Exception {
        String yaml = Files.readString(Path.of("..", "examples", "orders", ".airlock", "pipeline.yaml"));

        assertThat(compile(yaml).steps())
                .extracting(Step::id)
                .containsExactly("generate", "validate", "test", "review", "promote");
    }

    @Test
    void readsWhatTheBaseDeclares() throws Exception {
        write(".airlock/pipeline.yaml", "{pipeline: a, workspace: else, steps: [{id: b, uses: review}]}");
        write(".airlock/pipelines/quick.yaml", "{pipeline: quick, steps: [{id: b, uses: promote}]}");
        write(".airlock/policy/b.cel", "true");
        write(".airlock/policy/a.cel", "size > 0");
        write(".airlock/policy/notes.md", "no policy");
        try (WorkspaceRepository repository = repository()) {
            PipelineSource source = new PipelineSource(repository);
            CommitId base = repository.tip("main").orElseThrow();

            assertThat(source.compile(base, null)).isInstanceOfSatisfying(CompileResult.Compiled.class, compiled -> {
                assertThat(compiled.pipeline().name()).isEqualTo("a");
                assertThat(compiled.pipeline().workspace()).isEqualTo("orders");
                assertThat(compiled.digest()).isEqualTo(CanonicalJson.digest(compiled.pipeline()));
            });
            assertThat(((CompileResult.Compiled) source.compile(base, "quick"))
                            .pipeline()
                            .name())
                    .isEqualTo("quick");
            assertThat(source.policy(base).map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                    .contains("{\".airlock/policy/a.cel\":\"size > 0\",\".airlock/policy/b.cel\":\"true\"}");
            assertThatThrownBy(() -> source.compile(base, "../pipeline")).hasMessageContaining("not a pipeline name");
        }
    }

    @Test
    void showsTheSmallestPipelineWhereThereIsNone() throws Exception {
        Files.createDirectories(temp.resolve("source/.airlock"));
        Files.createSymbolicLink(temp.resolve("source/.airlock/pipeline.yaml"), Path.of("../elsewhere"));
        try (WorkspaceRepository repository = repository()) {
            PipelineSource source = new PipelineSource(repository);
            CommitId base = repository.tip("main").orElseThrow();

            assertThatThrownBy(() -> source.compile(base, null)).isInstanceOfSatisfying(WorkspaceException.class, e -> {
                assertThat(e.kind()).isEqualTo(WorkspaceException.Kind.NOT_FOUND);
                String message = String.valueOf(e.getMessage());
                assertThat(compile(message.substring(message.indexOf('{'))).name())
                        .isEqualTo("orders");
            });
            assertThat(source.policy(base)).isEmpty();
        }
    }

    private static Pipeline compile(String yaml) {
        return compiled(yaml).pipeline();
    }

    private static CompileResult.Compiled compiled(String yaml) {
        assertThat(PipelineMistakesTest.mistakes(yaml)).isEmpty();
        return (CompileResult.Compiled) PipelineCompiler.compile(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static Step step(String id, List<String> needs, StepUse use) {
        return new Step(id, needs, null, null, use);
    }

    private static CommandSpec command(String... argv) {
        return new CommandSpec(List.of(argv), "base", CommandSpec.Limits.DEFAULT);
    }

    private WorkspaceRepository repository() throws Exception {
        return new Workspaces(temp.resolve("workspaces")).create("orders", temp.resolve("source"), "main");
    }

    private void write(String path, String content) throws Exception {
        Path file = temp.resolve("source").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
