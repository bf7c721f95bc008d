package dev.airlock.workspace.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.airlock.evidence.canonical.CanonicalJson;
import dev.airlock.workflows.pipeline.CommandSpec;
import dev.airlock.workflows.pipeline.Network;
import dev.airlock.workflows.pipeline.Pipeline;
import dev.airlock.workflows.pipeline.Step;
import dev.airlock.workflows.pipeline.StepUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the record of a document without mistakes, with every default filled in. */
final class PipelineBuilder {
    /** Always denied, whatever a pipeline says: a change must not alter what judges it. */
    static final String OWN_FILES = ".airlock/**";

    private static final Pipeline.Limits LIMITS = new Pipeline.Limits(3, Duration.ofDays(3));
    private static final StepUse.Sizes SIZES = new StepUse.Sizes(1L << 20, 64L << 20);
    private static final List<String> CHECKS = List.of("paths", "size", "secrets");

    private PipelineBuilder() {}

    /** @param order what each step needs, in the order of the pipeline */
    static Pipeline build(JsonNode root, Map<String, List<String>> order) {
        Map<String, JsonNode> byId = new HashMap<>();
        root.path("steps").forEach(step -> byId.put(step.path("id").textValue(), step));
        List<Step> steps = new ArrayList<>();
        order.forEach((id, needs) -> {
            JsonNode step = byId.getOrDefault(id, MissingNode.getInstance());
            steps.add(new Step(id, needs, null, null, use(step.path("uses").asText(), step.path("with"))));
        });
        JsonNode limits = root.path("limits");
        return new Pipeline(
                root.path("pipeline").textValue(),
                root.path("workspace").asText(""),
                new Pipeline.Limits(
                        limits.path("attempts").asInt(LIMITS.attempts()),
                        or(limits.path("deadline"), Quantities::duration, LIMITS.deadline())),
                steps);
    }

    private static StepUse use(String uses, JsonNode with) {
        return switch (uses) {
            case "generate" -> generate(with.path("agent"));
            case "validate" -> validate(with);
            case "sandbox" -> new StepUse.Sandbox(command(with), texts(with.path("artifacts"), List.of()));
            case "review" -> review(with);
            case "promote" -> new StepUse.Promote(text(with.path("branch")));
            case "wait" -> await(with.path("event"));
            case "emit" ->
                new StepUse.Emit(
                        with.path("topic").textValue(), with.path("type").textValue(), data(with));
            default -> throw new IllegalArgumentException("the schema lets no such use through: " + uses);
        };
    }

    private static StepUse generate(JsonNode agent) {
        boolean fromBase = agent.path("from").asText().equals("base");
        return new StepUse.Generate(agent.isMissingNode() ? null : command(agent), fromBase);
    }

    private static StepUse validate(JsonNode with) {
        List<String> deny = new ArrayList<>(List.of(OWN_FILES));
        texts(with.path("paths").path("deny"), List.of()).stream()
                .filter(glob -> !deny.contains(glob))
                .forEach(deny::add);
        JsonNode size = with.path("size");
        return new StepUse.Validate(
                texts(with.path("checks"), CHECKS),
                new StepUse.Paths(texts(with.path("paths").path("allow"), List.of()), deny),
                new StepUse.Sizes(
                        or(size.path("file"), Quantities::size, SIZES.file()),
                        or(size.path("total"), Quantities::size, SIZES.total())),
                null);
    }

    private static StepUse review(JsonNode with) {
        return new StepUse.Review(
                with.path("approvals").asInt(1),
                texts(with.path("from"), List.of()),
                texts(with.path("not"), List.of("author")).contains("author"),
                or(with.path("timeout"), Quantities::duration, Duration.ofDays(2)));
    }

    private static StepUse await(JsonNode event) {
        return new StepUse.Wait(
                event.path("type").textValue(),
                text(event.path("match")),
                or(event.path("timeout"), Quantities::duration, Duration.ofDays(1)));
    }

    /** What an emit step sends, as JSON text. */
    static String data(JsonNode with) {
        return with.has("data") ? new String(CanonicalJson.bytes(with.get("data")), UTF_8) : "{}";
    }

    private static CommandSpec command(JsonNode with) {
        JsonNode run = with.path("run");
        List<String> argv = run.isTextual() ? List.of("/bin/sh", "-c", run.textValue()) : texts(run, List.of());
        return new CommandSpec(
                argv,
                with.path("image").asText(CommandSpec.BASE_IMAGE),
                limits(with.path("limits")),
                network(with.path("network")));
    }

    private static @Nullable Network network(JsonNode network) {
        if (!network.isObject()) {
            return null;
        }
        List<Network.Allow> allow = new ArrayList<>();
        network.path("allow").forEach(entry -> allow.add(allow(entry)));
        return new Network(allow);
    }

    private static Network.Allow allow(JsonNode entry) {
        List<Integer> ports = new ArrayList<>();
        entry.path("ports").forEach(port -> ports.add(port.intValue()));
        return new Network.Allow(
                entry.path("host").textValue(),
                ports.isEmpty() ? List.of(Network.DEFAULT_PORT) : ports,
                texts(entry.path("methods"), List.of()),
                texts(entry.path("paths"), List.of()),
                entry.has("secret") ? secret(entry.path("secret")) : null);
    }

    private static Network.Secret secret(JsonNode secret) {
        return new Network.Secret(
                secret.isTextual() ? secret.textValue() : secret.path("name").textValue(),
                secret.path("header").asText(Network.Secret.DEFAULT_HEADER),
                secret.path("format").asText(Network.Secret.DEFAULT_FORMAT));
    }

    private static CommandSpec.Limits limits(JsonNode limits) {
        CommandSpec.Limits otherwise = CommandSpec.Limits.DEFAULT;
        return new CommandSpec.Limits(
                or(limits.path("cpu"), Quantities::cpuMillis, otherwise.cpuMillis()),
                or(limits.path("memory"), Quantities::size, otherwise.memory()),
                or(limits.path("disk"), Quantities::size, otherwise.disk()),
                limits.path("pids").asInt(otherwise.pids()),
                or(limits.path("timeout"), Quantities::duration, otherwise.timeout()),
                or(limits.path("output"), Quantities::size, otherwise.output()));
    }

    private static List<String> texts(JsonNode list, List<String> otherwise) {
        if (list.isMissingNode()) {
            return otherwise;
        }
        List<String> texts = new ArrayList<>();
        list.forEach(entry -> texts.add(entry.asText()));
        return texts;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isMissingNode() ? null : value.textValue();
    }

    private static <T> T or(JsonNode value, Function<JsonNode, T> read, T otherwise) {
        return value.isMissingNode() ? otherwise : read.apply(value);
    }
}
